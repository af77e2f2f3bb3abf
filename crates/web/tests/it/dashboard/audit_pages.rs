//! The audit trail of a tenant and of the whole instance, on their pages.

use serde_json::{Value, json};
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator, user_id};
use crate::account::browser::{Browser, link_of, message_of};
use crate::account::pages::assert_page;
use crate::world::World;
use crate::world::answer::Answer;
use crate::world::people::{text, token_of};
use crate::world::requests::{bearer, request};

/// The positions of the events on a page.
fn positions(page: &Answer) -> Vec<u64> {
    let rows = page.text().split("<tr id=\"event-").skip(1);
    rows.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

/// The events that the management API gives an operator for a query.
async fn api_events(world: &World, query: &str) -> Vec<Value> {
    let list = world.operated("GET", &format!("/api/v1/audit-events?limit=100&{query}"), None).await;
    list["items"].as_array().unwrap().clone()
}

fn api_positions(events: &[Value]) -> Vec<u64> {
    events.iter().map(|event| event["position"].as_u64().unwrap()).collect()
}

/// The status of a page, and the code of its message.
async fn status_of(browser: &Browser<'_>, path: &str) -> (u16, Option<String>) {
    let answer = browser.get(path).await;
    (answer.status, message_of(&answer))
}

#[actix_web::test]
async fn every_role_reads_the_trail_of_its_tenant_and_only_operators_that_of_all() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    world.app_with(&acme, "Orders", json!({})).await;
    world.app_with(&bolt, "Foreign", json!({})).await;
    let path = format!("/dashboard/tenants/{acme}/audit");
    let gone = (404, Some("not_found".to_owned()));
    let mut browsers = Vec::new();
    for role in ["owner", "admin", "developer", "auditor"] {
        browsers.push((role, member(&world, &acme, role, role).await));
    }
    let expected = api_positions(&api_events(&world, &format!("tenant_id={acme}")).await);
    assert!(5 < expected.len());
    for (role, browser) in &browsers {
        let page = browser.get(&path).await;
        assert_page(&page);
        assert_eq!((page.status, positions(&page)), (200, expected.clone()), "{role}");
        for foreign in [
            "/dashboard/audit".to_owned(),
            "/dashboard/audit/export".to_owned(),
            format!("/dashboard/tenants/{bolt}/audit"),
            format!("/dashboard/tenants/{bolt}/audit/export"),
        ] {
            assert_eq!(status_of(browser, &foreign).await, gone, "{role}: {foreign}");
        }
    }
    let olga = operator(&world, "olga").await;
    let all = api_positions(&api_events(&world, "").await);
    assert_eq!(positions(&olga.get("/dashboard/audit").await), all[..50.min(all.len())]);
    assert_eq!(positions(&olga.get(&path).await), expected);
    let nobody = Browser::new(&world).get(&path).await;
    assert_eq!(nobody.status, 303);
}

#[actix_web::test]
async fn a_filter_finds_what_the_management_api_finds() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    let ada = member(&world, &acme, "ada", "auditor").await;
    let ada_id = user_id(&world, "ada").await;
    let token = token_of(&world, &ada_id, Some(&acme)).await;
    let refused = request("POST", &format!("/api/v1/apps/{}/enable", app.id)).insert_header(bearer(&token));
    assert_eq!(world.send(refused).await.status, 403);
    world.keep_books();
    let newest = &api_events(&world, &format!("tenant_id={acme}")).await[0];
    let request_id = text(&newest["request_id"]);
    let path = format!("/dashboard/tenants/{acme}/audit");
    for (query, least) in [
        ("action=app.disable".to_owned(), 1),
        (format!("object={}", app.id), 3),
        ("outcome=refused".to_owned(), 1),
        ("outcome=done".to_owned(), 3),
        ("code=forbidden".to_owned(), 1),
        (format!("actor={}", text(&newest["actor"])), 1),
        (format!("request_id={request_id}"), 1),
        ("action=nothing.like_this".to_owned(), 0),
        (format!("action=app.disable&object={}&outcome=refused", app.id), 0),
    ] {
        let found = positions(&ada.get(&format!("{path}?{query}")).await);
        let expected = api_positions(&api_events(&world, &format!("tenant_id={acme}&{query}")).await);
        assert_eq!(found, expected, "{query}");
        assert!(least <= found.len(), "{query}: {found:?}");
    }
    // A form sends its empty fields, too.
    let all = positions(&ada.get(&path).await);
    let form = "action=&actor=&object=&code=&request_id=&from=&to=&outcome=";
    assert_eq!(positions(&ada.get(&format!("{path}?{form}")).await), all);
}

#[actix_web::test]
async fn days_are_included_from_their_first_to_their_last_moment() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "auditor").await;
    let path = format!("/dashboard/tenants/{acme}/audit");
    let all = positions(&ada.get(&path).await);
    let at = text(&api_events(&world, &format!("tenant_id={acme}")).await[0]["at"]);
    let today = at.split('T').next().unwrap().to_owned();
    for (query, finds) in [
        (format!("from={today}"), true),
        (format!("to={today}"), true),
        (format!("from={today}&to={today}"), true),
        ("from=9000-01-01".to_owned(), false),
        ("to=1990-01-01".to_owned(), false),
    ] {
        let page = ada.get(&format!("{path}?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(positions(&page), if finds { all.clone() } else { Vec::new() }, "{query}");
        assert_eq!(page.text().contains("id=\"no-events\""), !finds, "{query}");
    }
}

#[actix_web::test]
async fn a_filter_that_means_nothing_is_said_beside_its_field_and_stays_as_it_was_typed() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "auditor").await;
    let path = format!("/dashboard/tenants/{acme}/audit");
    for (query, field, typed) in [
        ("actor=root", "actor", "root"),
        ("action=a%20b", "action", "a b"),
        ("from=yesterday", "from", "yesterday"),
        ("to=2026-02-30", "to", "2026-02-30"),
        ("request_id=1", "request-id", "1"),
        ("object=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%20", "object", "&#60;script&#62;alert(1)"),
        ("outcome=perhaps", "outcome", ""),
    ] {
        let page = ada.get(&format!("{path}?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        assert_page(&page);
        assert!(page.text().contains(&format!("id=\"{field}-error\"")), "{query}: {}", page.text());
        assert!(page.text().contains(typed) && !page.text().contains("<script>alert"), "{}", page.text());
        assert_eq!(positions(&page), Vec::<u64>::new());
    }
}

#[actix_web::test]
async fn a_long_trail_comes_page_by_page_and_keeps_its_filter() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    for _ in 0..30 {
        for verb in ["disable", "enable"] {
            world.operated("POST", &format!("/api/v1/apps/{}/{verb}", app.id), None).await;
        }
    }
    let ada = member(&world, &acme, "ada", "auditor").await;
    let query = format!("?object={}&outcome=done", app.id);
    let (mut seen, mut pages) = (Vec::new(), Vec::new());
    let mut next = Some(format!("/dashboard/tenants/{acme}/audit{query}"));
    while let Some(path) = next {
        let page = ada.get(&path).await;
        let found = positions(&page);
        pages.push(found.len());
        seen.extend(found);
        next = link_of(&page, "next-link");
    }
    assert_eq!(pages, [50, 11]);
    let expected = api_positions(&api_events(&world, &format!("object={}&outcome=done", app.id)).await);
    assert_eq!(seen, expected);
}

#[actix_web::test]
async fn an_event_says_what_changed_and_proves_it() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    let app = world.app_with(&acme, "Orders", json!({})).await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    let event = &api_events(&world, "action=app.disable").await[0];
    let id = text(&event["id"]);
    let ada = member(&world, &acme, "ada", "auditor").await;
    let list = ada.get(&format!("/dashboard/tenants/{acme}/audit?action=app.disable")).await;
    let path = format!("/dashboard/tenants/{acme}/audit/{id}");
    assert!(list.text().contains(&format!("href=\"{path}\"")), "{}", list.text());
    let page = ada.get(&path).await;
    assert_page(&page);
    for (element, expected) in [
        ("event-action", "app.disable"),
        ("event-object", &*app.id),
        ("event-id", &id),
        ("event-hash", event["hash"].as_str().unwrap()),
        ("event-previous-hash", event["previous_hash"].as_str().unwrap()),
        ("event-request", event["request_id"].as_str().unwrap()),
    ] {
        assert_eq!(text_of(page.text(), element).as_deref(), Some(expected), "{element}");
    }
    for change in
        ["<code>enabled</code></th>", "data-label=\"Before\">true</td>", "data-label=\"After\">false</td>"]
    {
        assert!(page.text().contains(change), "{change}: {}", page.text());
    }
    assert!(page.text().contains("id=\"event-proof\" data-state=\"sound\""), "{}", page.text());
    for (name, expected) in [
        ("same-object-link", format!("object={}", app.id)),
        ("same-action-link", "action=app.disable".to_owned()),
        ("same-request-link", format!("request_id={}", text(&event["request_id"]))),
    ] {
        let related = link_of(&page, name).unwrap();
        assert_eq!(related, format!("/dashboard/tenants/{acme}/audit?{expected}"));
        assert!(positions(&ada.get(&related).await).contains(&event["position"].as_u64().unwrap()));
    }

    // On the pages of another tenant it is not there, whoever looks.
    let (mallory, olga) = (member(&world, &bolt, "mallory", "owner").await, operator(&world, "olga").await);
    let elsewhere = format!("/dashboard/tenants/{bolt}/audit/{id}");
    let gone = (404, Some("not_found".to_owned()));
    for (browser, path) in [
        (&mallory, &path),
        (&mallory, &elsewhere),
        (&olga, &elsewhere),
        (&mallory, &format!("/dashboard/audit/{id}")),
        (&ada, &format!("/dashboard/tenants/{acme}/audit/nonsense")),
    ] {
        assert_eq!(status_of(browser, path).await, gone, "{path}");
    }
    let of_all = olga.get(&format!("/dashboard/audit/{id}")).await;
    assert_eq!(text_of(of_all.text(), "event-tenant"), Some(acme));
}

#[actix_web::test]
async fn a_refusal_says_with_which_code() {
    let world = World::new().await;
    let path = "/api/v1/tenants/ten_00000000000000000000000000/suspend";
    assert_eq!(world.operate("POST", path, None).await.status, 404);
    let olga = operator(&world, "olga").await;
    let list = olga.get("/dashboard/audit?outcome=refused&action=tenant.suspend").await;
    assert!(list.text().contains("refused: not_found"), "{}", list.text());
    let id = text(&api_events(&world, "action=tenant.suspend").await[0]["id"]);
    let page = olga.get(&format!("/dashboard/audit/{id}")).await;
    assert_eq!(text_of(page.text(), "event-outcome").as_deref(), Some("refused: not_found"));
    assert!(page.text().contains("id=\"no-changes\""), "{}", page.text());
}

#[actix_web::test]
async fn an_export_is_that_of_the_management_api() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "=1+1", json!({})).await;
    let ada = member(&world, &acme, "ada", "auditor").await;
    let olga = operator(&world, "olga").await;
    let ada_id = user_id(&world, "ada").await;
    let token = token_of(&world, &ada_id, Some(&acme)).await;
    for query in [String::new(), format!("?object={}", app.id), "?outcome=refused".to_owned()] {
        let by_api = request("GET", &format!("/api/v1/audit-export{query}")).insert_header(bearer(&token));
        let by_api = world.send(by_api).await;
        let page = ada.get(&format!("/dashboard/tenants/{acme}/audit{query}")).await;
        let export = ada.get(&link_of(&page, "export-link").unwrap()).await;
        assert_page(&export);
        for name in ["content-type", "content-disposition"] {
            assert_eq!(export.header(name), by_api.header(name));
        }
        assert_eq!((export.status, export.text()), (200, by_api.text()), "{query}");

        let by_api = world.operate("GET", &format!("/api/v1/audit-export{query}"), None).await;
        let page = olga.get(&format!("/dashboard/audit{query}")).await;
        let export = olga.get(&link_of(&page, "export-link").unwrap()).await;
        assert_eq!((export.status, export.text()), (200, by_api.text()), "{query}");
    }
    // An operator exports no more than the tenant on the tenant's page.
    let of_tenant = olga.get(&format!("/dashboard/tenants/{acme}/audit/export")).await;
    let lines: Vec<Value> =
        of_tenant.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let foreign = lines.iter().filter(|line| line["position"].is_u64() && line["tenant_id"] != json!(acme));
    assert_eq!((lines[0]["complete"].clone(), foreign.count()), (json!(false), 0));
    let wrong = olga.get("/dashboard/audit/export?actor=root").await;
    assert_eq!((wrong.status, message_of(&wrong).as_deref()), (400, Some("malformed_request")));
}

#[actix_web::test]
async fn the_chain_is_in_order_for_all_and_counted_for_operators_only() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let (ada, olga) = (member(&world, &acme, "ada", "auditor").await, operator(&world, "olga").await);
    let of_tenant = ada.get(&format!("/dashboard/tenants/{acme}/audit")).await;
    assert!(of_tenant.text().contains("id=\"chain-state\" data-state=\"sound\""), "{}", of_tenant.text());
    assert!(!of_tenant.text().contains("events were looked at"), "{}", of_tenant.text());
    assert_eq!(text_of(of_tenant.text(), "chain-head"), None);

    let chain = world.operated("GET", "/api/v1/audit-chain", None).await;
    let of_all = olga.get("/dashboard/audit").await;
    assert!(of_all.text().contains("id=\"chain-state\" data-state=\"sound\""), "{}", of_all.text());
    let count = format!("All {} events were looked at.", chain["head"]["position"]);
    assert!(of_all.text().contains(&count), "{}", of_all.text());
    assert_eq!(text_of(of_all.text(), "chain-head"), Some(text(&chain["head"]["anchor"])));
}

#[actix_web::test]
async fn attack_66_nothing_in_the_trail_becomes_markup() {
    let world = World::new().await;
    let acme = world.tenant("", "<script>alert(0)</script>").await;
    let app = world.app_with(&acme, "<script>alert(1)</script>", json!({})).await;
    let user = json!({"kind": "internal", "name": "<script>alert(2)</script>",
        "display_name": "\"><img src=x onerror=alert(3)>"});
    let id = text(&world.create("/api/v1/users", user).await["id"]);
    let put = format!("/api/v1/tenants/{acme}/members/{id}");
    world.operated("PUT", &put, Some(json!({"role": "admin"}))).await;
    let token = token_of(&world, &id, Some(&acme)).await;
    let (path, name) = (format!("/api/v1/apps/{}", app.id), json!({"name": "<script>alert(5)</script>"}));
    let user_agent = ("User-Agent", "<script>alert(4)</script>".to_owned());
    let renamed = world.call_with(&token, "PATCH", &path, Some(name), Some(user_agent)).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text());
    let ada = member(&world, &acme, "ada", "auditor").await;
    let list = ada.get(&format!("/dashboard/tenants/{acme}/audit")).await;
    assert!(list.text().contains("&#34;&#62;&#60;img src=x"), "{}", list.text());
    let event = text(&api_events(&world, "action=app.update").await[0]["id"]);
    let page = ada.get(&format!("/dashboard/tenants/{acme}/audit/{event}")).await;
    assert!(page.text().contains("&#60;script&#62;alert(5)"), "{}", page.text());
    for page in [list, page] {
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<img"), "{}", page.text());
    }
}
