//! The pages on which operators look after tenants.

use std::collections::BTreeSet;

use serde_json::json;
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator};
use crate::account::browser::{csrf_of, form_of, link_of, message_of};
use crate::account::pages::assert_page;
use crate::world::World;
use crate::world::answer::Answer;

#[actix_web::test]
async fn the_operators_part_does_not_exist_for_others() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    for path in [
        "/dashboard/tenants",
        "/dashboard/tenants/new",
        "/dashboard/plans",
        "/dashboard/plans/new",
        "/dashboard/plans/pln_00000000000000000000000000",
        "/dashboard/regions",
        "/dashboard/regions/new",
        "/dashboard/people",
        "/dashboard/people/new",
        "/dashboard/people/operators",
        "/dashboard/resources",
        "/dashboard/resources/new",
    ] {
        let page = ada.get(path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text());
        assert_page(&page);
    }
    // A form of her own session does not help.
    let page = ada.get(&format!("/dashboard/tenants/{acme}/edit")).await;
    for path in [
        "/dashboard/tenants/new".to_owned(),
        format!("/dashboard/tenants/{acme}/suspend"),
        "/dashboard/plans/new".to_owned(),
        "/dashboard/people/new".to_owned(),
    ] {
        let mut form = form_of(&page, "tenant-form");
        form.action = path.clone();
        assert_eq!(ada.send_form(&form, &[("name", "Mine")]).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn a_form_without_its_token_does_nothing() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let olga = operator(&world, "olga").await;
    for path in [
        "/dashboard/tenants/new".to_owned(),
        format!("/dashboard/tenants/{acme}/suspend"),
        format!("/dashboard/tenants/{acme}/edit"),
    ] {
        let answer = olga.post(&path, &[("name", "Bolt"), ("version", "1"), ("csrf", "guessed")]).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
    }
    let tenants = world.operated("GET", "/api/v1/tenants", None).await;
    assert!(!tenants.to_string().contains("Bolt") && !tenants.to_string().contains("suspended"), "{tenants}");
}

#[actix_web::test]
async fn a_tenant_is_made_activated_and_found() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/tenants/new").await;
    assert_page(&page);
    let fields = [("name", "<b>Acme</b> & Söhne"), ("app_limit", "7")];
    let made = olga.submit(&page, "new-tenant-form", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let edit = olga.get(made.header("location").unwrap()).await;
    assert_page(&edit);
    assert!(edit.text().contains("pending activation") && edit.text().contains("value=\"7\""));
    let activated = olga.submit(&edit, "activate-form", &[]).await;
    let edit = olga.get(activated.header("location").unwrap()).await;
    assert!(edit.text().contains("id=\"suspend-button\""), "{}", edit.text());

    for (query, is_there) in [
        ("", true),
        ("?search=%3Cb%3Eacme", true),
        ("?state=active", true),
        ("?state=suspended", false),
        ("?search=zebra", false),
    ] {
        let list = olga.get(&format!("/dashboard/tenants{query}")).await;
        assert_page(&list);
        assert_eq!(list.text().contains("&#60;b&#62;Acme&#60;/b&#62; &#38; Söhne"), is_there, "{query}");
        assert!(!list.text().contains("<b>Acme"), "{query}");
    }
}

#[actix_web::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let world = World::new().await;
    world.tenant("", "Acme").await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/tenants/new").await;
    for (name, limit, status, error) in [
        ("", "3", 422, "name-error"),
        ("Bolt", "many", 422, "app-limit-error"),
        ("Bolt", "1000001", 422, "app-limit-error"),
        ("Acme", "3", 409, "name-error"),
    ] {
        let fields = [("name", name), ("app_limit", limit)];
        let refused = olga.submit(&page, "new-tenant-form", &fields).await;
        assert_eq!(refused.status, status, "{name} {limit}: {}", refused.text());
        assert!(refused.text().contains(&format!("id=\"{error}\"")), "{}", refused.text());
        assert!(refused.text().contains(&format!("value=\"{limit}\"")), "{}", refused.text());
    }
}

#[actix_web::test]
async fn suspending_stops_tokens_at_once_and_closing_ends_a_tenant() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({"scopes": "read"})).await;
    let token = world.token(&app).await;
    let olga = operator(&world, "olga").await;
    let edit_path = format!("/dashboard/tenants/{acme}/edit");
    let edit = olga.get(&edit_path).await;
    let suspended = olga.submit(&edit, "suspend-form", &[]).await;
    assert_eq!(suspended.status, 303, "{}", suspended.text());
    let resource = world.introspect(&world.operator, &token).await;
    assert_eq!(resource.json()["active"], false, "{}", resource.text());
    assert_ne!(world.ask_token(&app, "").await.status, 200);

    // The page of before offers what is over.
    let again = olga.submit(&edit, "suspend-form", &[]).await;
    assert_eq!((again.status, message_of(&again).as_deref()), (409, Some("tenant_state")));

    let edit = olga.get(&edit_path).await;
    assert!(edit.text().contains("id=\"close-link\""), "{}", edit.text());
    let question = olga.get(&format!("/dashboard/tenants/{acme}/close")).await;
    let closed = olga.submit(&question, "close-form", &[("name", "Acme")]).await;
    assert_eq!(closed.header("location"), Some("/dashboard/tenants?done=closed"), "{}", closed.text());
    let list = olga.get("/dashboard/tenants?done=closed&state=closed").await;
    assert!(list.text().contains("Acme") && list.text().contains("closed for good"), "{}", list.text());
    // Operators still look at it, and nothing can become of it.
    assert!(list.text().contains(&edit_path), "{}", list.text());
    let edit = olga.get(&edit_path).await;
    assert_eq!(edit.status, 200, "{}", edit.text());
    assert!(!edit.text().contains("id=\"life\""), "{}", edit.text());
}

#[actix_web::test]
async fn closing_says_what_ends_and_asks_for_the_name() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    world.app_with(&acme, "Orders", json!({})).await;
    world.app_with(&acme, "Bills", json!({})).await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let olga = operator(&world, "olga").await;
    let (record, path) = (format!("/api/v1/tenants/{acme}"), format!("/dashboard/tenants/{acme}/close"));

    // What works is stopped before it ends.
    let early = olga.get(&path).await;
    assert_page(&early);
    assert_eq!(message_of(&early).as_deref(), Some("tenant_state"), "{}", early.text());
    assert!(early.text().contains("Suspend the tenant first") && !early.text().contains("close-form"));
    world.operated("POST", &format!("{record}/suspend"), None).await;

    let question = olga.get(&path).await;
    assert_page(&question);
    let said = ["apps-that-end", "members-that-end"].map(|id| text_of(question.text(), id).unwrap());
    assert_eq!(
        said,
        ["2 apps: they get no tokens any more", "1 member, who does not see the tenant any more"]
    );
    for typed in ["", "acme", "Bolt", "Acme Ltd"] {
        let refused = olga.submit(&question, "close-form", &[("name", typed)]).await;
        assert_page(&refused);
        assert_eq!(refused.status, 422, "{typed}");
        let error = text_of(refused.text(), "confirm-name-error").unwrap();
        assert_eq!(error, "This is not the name of the tenant.", "{typed}");
    }

    // Somebody else has thought of it, too.
    world.operated("PATCH", &record, Some(json!({"app_limit": 9}))).await;
    let stale = olga.submit(&question, "close-form", &[("name", "Acme")]).await;
    assert_page(&stale);
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));
    assert!(stale.text().contains("Somebody changed the tenant meanwhile"), "{}", stale.text());
    let csrf = csrf_of(&stale);
    let unversioned = olga.post(&path, &[("csrf", &csrf), ("name", "Acme")]).await;
    assert_eq!(unversioned.status, 400, "{}", unversioned.text());
    assert_eq!(world.operated("GET", &record, None).await["state"], "suspended");

    let closed = olga.submit(&stale, "close-form", &[("name", " Acme ")]).await;
    assert_eq!(closed.status, 303, "{}", closed.text());
    assert_eq!(world.operated("GET", &record, None).await["state"], "closed");
    assert_eq!(ada.get(&format!("/dashboard/tenants/{acme}")).await.status, 404);
    let over = olga.get(&path).await;
    assert!(over.text().contains("The tenant is closed.") && !over.text().contains("close-form"));
}

#[actix_web::test]
async fn the_tenant_of_the_operators_app_is_neither_suspended_while_that_works_nor_ever_closed() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let apps = world.operated("GET", "/api/v1/apps?limit=100", None).await;
    let app = apps["items"].as_array().unwrap().iter().find(|app| app["origin"] == "platform").unwrap();
    let (app_id, tenant) = (app["id"].as_str().unwrap(), app["tenant_id"].as_str().unwrap());
    let edit = olga.get(&format!("/dashboard/tenants/{tenant}/edit")).await;
    let refused = olga.submit(&edit, "suspend-form", &[]).await;
    assert_page(&refused);
    assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("operator_app_enabled")));
    assert!(refused.text().contains("disable that app first"), "{}", refused.text());
    let suspend = format!("/api/v1/tenants/{tenant}/suspend");
    assert_eq!(
        world.operate("POST", &suspend, None).await.problem(),
        (409, "operator_app_enabled".to_owned())
    );

    // A person stops an app that leaked, and then whatever else is there.
    let page = olga.get(&format!("/dashboard/tenants/{tenant}/apps/{app_id}")).await;
    assert_eq!(olga.submit(&page, "disable-form", &[]).await.status, 303);
    assert_eq!(olga.submit(&edit, "suspend-form", &[]).await.status, 303);
    let close = olga.get(&format!("/dashboard/tenants/{tenant}/close")).await;
    assert_eq!(message_of(&close).as_deref(), Some("platform_record"), "{}", close.text());
    assert!(!close.text().contains("close-form"), "{}", close.text());
}

#[actix_web::test]
async fn owners_and_admins_change_name_and_age_of_secrets_but_never_the_limit() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let path = format!("/dashboard/tenants/{acme}/edit");
    for role in ["developer", "auditor"] {
        let page = member(&world, &acme, role, role).await.get(&path).await;
        assert_eq!(page.status, 403, "{role}");
    }
    for role in ["owner", "admin"] {
        let browser = member(&world, &acme, role, role).await;
        let page = browser.get(&path).await;
        assert_page(&page);
        assert!(!page.text().contains("app-limit") && !page.text().contains("suspend-form"), "{role}");
        let name = format!("Acme of {role}");
        let fields = [("name", name.as_str()), ("secret_max_age_days", "90")];
        let saved = browser.submit(&page, "tenant-form", &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let tenant = world.operated("GET", &format!("/api/v1/tenants/{acme}"), None).await;
        assert_eq!((&tenant["name"], &tenant["secret_max_age_days"]), (&json!(name), &json!(90)));

        let page = browser.get(&path).await;
        let greedy = [("name", name.as_str()), ("app_limit", "99")];
        assert_eq!(browser.submit(&page, "tenant-form", &greedy).await.status, 403, "{role}");
    }
}

#[actix_web::test]
async fn what_somebody_changed_meanwhile_is_not_overwritten() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let olga = operator(&world, "olga").await;
    let page = olga.get(&format!("/dashboard/tenants/{acme}/edit")).await;
    world.operated("PATCH", &format!("/api/v1/tenants/{acme}"), Some(json!({"app_limit": 9}))).await;
    let fields = [("name", "Bolt"), ("app_limit", "5")];
    let stale = olga.submit(&page, "tenant-form", &fields).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));
    assert!(stale.text().contains("value=\"Bolt\""), "{}", stale.text());
    // Sent again from that page it counts.
    assert_eq!(olga.submit(&stale, "tenant-form", &fields).await.status, 303);
}

#[actix_web::test]
async fn a_long_list_goes_on_where_it_ended() {
    let world = World::new().await;
    for number in 0..51 {
        world.create("/api/v1/tenants", json!({"name": format!("Tenant {number:02}")})).await;
    }
    let olga = operator(&world, "olga").await;
    let first = olga.get("/dashboard/tenants?search=tenant&state=pending_activation").await;
    let listed = |page: &Answer| -> BTreeSet<String> {
        let names = page.text().split(">Manage Tenant ").skip(1);
        names.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    let next = link_of(&first, "next-link").unwrap();
    let second = olga.get(&next).await;
    assert_eq!((listed(&first).len(), listed(&second).len()), (50, 1), "{next}");
    assert!(listed(&first).is_disjoint(&listed(&second)));
    assert!(!second.text().contains("next-link"));
}

#[actix_web::test]
async fn no_page_of_operators_has_an_id_twice_and_each_has_a_label_for_every_field() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({})).await;
    let plan = world.create("/api/v1/plans", json!({"code": "gold", "name": "Gold"})).await;
    let first = |list: serde_json::Value| list["items"][0]["id"].as_str().unwrap().to_owned();
    let region = first(world.operated("GET", "/api/v1/regions", None).await);
    let database = first(world.operated("GET", &format!("/api/v1/regions/{region}/databases"), None).await);
    let resource = first(world.operated("GET", "/api/v1/resources", None).await);
    let user = first(world.operated("GET", "/api/v1/users", None).await);
    let servers = format!("/api/v1/resources/{resource}/servers/{}", app.id);
    world.operated("PUT", &servers, None).await;
    let plan = plan["id"].as_str().unwrap();
    world.operated("POST", &format!("/api/v1/plans/{plan}/activate"), None).await;
    for path in [
        "tenants",
        "tenants/new",
        &format!("tenants/{acme}/edit"),
        &format!("tenants/{acme}/close"),
        "plans",
        "plans/new",
        &format!("plans/{plan}"),
        &format!("plans/{plan}/retire"),
        "regions",
        "regions/new",
        &format!("regions/{region}"),
        &format!("regions/{region}/databases/new"),
        &format!("regions/{region}/databases/{database}"),
        "people",
        "people/new",
        "people/operators",
        &format!("people/{user}"),
        "resources",
        "resources/new",
        &format!("resources/{resource}"),
        &format!("resources/{resource}/scopes/new"),
        &format!("resources/{resource}/servers/new"),
    ] {
        let page = olga.get(&format!("/dashboard/{path}")).await;
        assert_page(&page);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let mut ids = BTreeSet::new();
        for rest in page.text().split(" id=\"").skip(1) {
            let id = rest.split('"').next().unwrap();
            assert!(ids.insert(id), "{path}: {id}");
        }
        for rest in page.text().split("<input id=\"").skip(1) {
            let id = rest.split('"').next().unwrap();
            assert!(page.text().contains(&format!("for=\"{id}\"")), "{path}: {id}");
        }
        assert!(page.text().len() < 100 * 1024, "{path}");
    }
}
