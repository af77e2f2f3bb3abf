//! The first page of an app: who sees it, what it says, the switch, the plan, and the end.

use serde_json::{Value, json};
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator, resource_server};
use crate::account::browser::{Browser, csrf_of, form_of, message_of};
use crate::account::pages::assert_page;
use crate::world::answer::Answer;
use crate::world::{TestApp, World};

/// A tenant with an app.
async fn estate(world: &World, more: Value) -> (String, TestApp, String) {
    let tenant_id = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant_id, "Orders", more).await;
    let path = format!("/dashboard/tenants/{tenant_id}/apps/{}", app.id);
    (tenant_id, app, path)
}

/// The text inside the element with this id, tags included.
#[track_caller]
fn inside<'a>(page: &'a Answer, id: &str) -> &'a str {
    let (_, rest) =
        page.text().split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{}", page.text()));
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split_once("</div>").map_or(rest, |(inside, _)| inside)
}

fn has(page: &Answer, id: &str) -> bool {
    page.text().contains(&format!("id=\"{id}\""))
}

async fn follow(browser: &Browser<'_>, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 303, "{}", answer.text());
    browser.get(answer.header("location").unwrap()).await
}

#[actix_web::test]
async fn everybody_in_the_tenant_sees_the_app_and_only_who_may_is_offered_to_change_it() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({"name": "<b>Orders</b>"})).await;
    let (manages, operates) =
        (["disable-form", "settings-link", "delete-link", "tab-settings"], ["plan-form"]);
    for (browser, is_manager, is_operator) in [
        (member(&world, &acme, "owen", "owner").await, true, false),
        (member(&world, &acme, "dora", "developer").await, true, false),
        (member(&world, &acme, "audrey", "auditor").await, false, false),
        (operator(&world, "olga").await, true, true),
    ] {
        let page = browser.get(&path).await;
        assert_page(&page);
        assert!(page.text().contains("&#60;b&#62;Orders") && page.text().contains(&app.client_id));
        for id in ["explain-ok", "checks", "copy-client-id", "no-plan", "tab-overview", "tab-audit"] {
            assert!(has(&page, id), "{id}");
        }
        assert!(inside(&page, "db-code").starts_with("eu1<"), "{}", page.text());
        for id in manages {
            assert_eq!(has(&page, id), is_manager, "{id}");
        }
        for id in operates {
            assert_eq!(has(&page, id), is_operator, "{id}");
        }
    }
}

#[actix_web::test]
async fn an_app_of_another_tenant_is_not_there_for_operators_neither() {
    let world = World::new().await;
    let (acme, app, _) = estate(&world, json!({})).await;
    let bolt = world.tenant("", "Bolt").await;
    let (mallory, olga) = (member(&world, &bolt, "mallory", "owner").await, operator(&world, "olga").await);
    for browser in [&mallory, &olga] {
        let csrf = csrf_of(&browser.get(&format!("/dashboard/tenants/{bolt}/apps")).await);
        let foreign = format!("/dashboard/tenants/{bolt}/apps/{}", app.id);
        for rest in ["", "/settings", "/delete"] {
            assert_eq!(browser.get(&format!("{foreign}{rest}")).await.status, 404, "{rest}");
        }
        for rest in ["/disable", "/enable", "/plan", "/settings", "/delete"] {
            let fields =
                [("csrf", csrf.as_str()), ("action", "remove"), ("version", "1"), ("name", "Orders")];
            let answer = browser.post(&format!("{foreign}{rest}"), &fields).await;
            assert_eq!(answer.status, 404, "{rest}: {}", answer.text());
        }
    }
    let theirs = format!("/dashboard/tenants/{acme}/apps/{}", app.id);
    assert_eq!(mallory.get(&theirs).await.status, 404);
    for id in ["app_00000000000000000000000000", "nonsense"] {
        assert_eq!(olga.get(&format!("/dashboard/tenants/{acme}/apps/{id}")).await.status, 404, "{id}");
    }
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn the_switch_stops_a_token_at_once_and_says_when_that_took_effect() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    // Who asks about tokens is the API, since a disabled app cannot.
    let api = resource_server(&world, &acme).await;
    let got = world.token(&app).await;
    let is_active = async || world.introspect(&api, &got).await.json()["active"] == true;
    assert!(is_active().await);

    let dora = member(&world, &acme, "dora", "developer").await;
    let page = dora.get(&path).await;
    let answer = dora.submit(&page, "disable-form", &[]).await;
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    assert!(!is_active().await);
    let page = follow(&dora, &answer).await;
    let notice = inside(&page, "notice");
    assert!(notice.starts_with(
        "The app is disabled, and none of its tokens is accepted. It took effect on all nodes within"
    ));
    assert!(page.text().contains("data-reason=\"app_disabled\""), "{}", page.text());
    assert!(
        inside(&page, "explain-problem").contains("No: the app is disabled.") && has(&page, "explain-advice")
    );

    // Sent twice it is done once, and nothing had to take effect.
    let again = dora.submit(&dora.get(&path).await, "enable-form", &[]).await;
    let page = follow(&dora, &again).await;
    assert!(inside(&page, "notice").starts_with("The app is enabled. Tokens from before stay dead. It took"));
    assert!(has(&page, "explain-ok"));
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    assert!(!is_active().await);
    let twice = dora.send_form(&form_to_enable(&page, &path), &[]).await;
    assert_eq!(twice.header("location"), Some(&*format!("{path}?done=enabled")));
}

/// The form of an enabled app, sent to where a disabled one is enabled.
fn form_to_enable(page: &Answer, path: &str) -> crate::account::browser::PageForm {
    let mut form = form_of(page, "disable-form");
    form.action = format!("{path}/enable");
    form
}

#[actix_web::test]
async fn a_made_up_link_cannot_say_that_an_enabled_app_is_disabled() {
    let world = World::new().await;
    let (acme, _, path) = estate(&world, json!({})).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    for query in ["done=disabled&nodes=1&fenced=0&waited=1", "done=%3Cb%3E", "done=disabled"] {
        assert!(!has(&dora.get(&format!("{path}?{query}")).await, "notice"), "{query}");
    }
}

#[actix_web::test]
async fn only_what_the_server_itself_said_about_a_change_is_shown() {
    let world = World::new().await;
    let (acme, _, path) = estate(&world, json!({})).await;
    let other = world.app_with(&acme, "Other", json!({})).await;
    let other_path = format!("/dashboard/tenants/{acme}/apps/{}", other.id);
    let dora = member(&world, &acme, "dora", "developer").await;
    let switch = async |path: &str, form: &str| {
        let sent = dora.submit(&dora.get(path).await, form, &[]).await;
        let location = sent.header("location").unwrap().to_owned();
        location.split_once("&effect=").unwrap().1.to_owned()
    };
    let said = async |query: &str| {
        let page = dora.get(&format!("{path}?{query}")).await;
        inside(&page, "notice").contains("It took effect")
    };
    let foreign = switch(&other_path, "disable-form").await;
    let disabled = switch(&path, "disable-form").await;
    world.advance(1);
    let earlier = {
        let earlier = switch(&path, "enable-form").await;
        world.advance(1);
        switch(&path, "disable-form").await;
        world.advance(1);
        earlier
    };
    let now = switch(&path, "enable-form").await;
    assert!(said(&format!("done=enabled&effect={now}")).await);
    for query in [
        "done=enabled&nodes=7&fenced=0&waited=3".to_owned(),
        "done=enabled&effect=".to_owned(),
        "done=enabled&effect=eyJub2RlcyI6N30".to_owned(),
        format!("done=enabled&effect={foreign}"),
        format!("done=enabled&effect={disabled}"),
        format!("done=enabled&effect={earlier}"),
        format!("done=enabled&effect={now}A"),
    ] {
        assert!(!said(&query).await, "{query}");
    }
    world.advance(60);
    assert!(!said(&format!("done=enabled&effect={now}")).await, "a minute is over");
}

#[actix_web::test]
async fn auditors_and_forged_forms_change_nothing() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    let audrey = member(&world, &acme, "audrey", "auditor").await;
    let csrf = csrf_of(&audrey.get(&path).await);
    let fields = [("csrf", csrf.as_str()), ("action", "remove"), ("version", "1"), ("name", "Orders")];
    for rest in ["/disable", "/enable", "/plan", "/settings", "/delete"] {
        let answer = audrey.post(&format!("{path}{rest}"), &fields).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("forbidden")), "{rest}");
    }
    for rest in ["/settings", "/delete"] {
        assert_eq!(audrey.get(&format!("{path}{rest}")).await.status, 403, "{rest}");
    }
    let dora = member(&world, &acme, "dora", "developer").await;
    for rest in ["/disable", "/plan", "/settings", "/delete"] {
        for csrf in ["", "x", csrf.as_str()] {
            let answer = dora.post(&format!("{path}{rest}"), &[("csrf", csrf), ("name", "Orders")]).await;
            assert_eq!(
                (answer.status, message_of(&answer).as_deref()),
                (403, Some("form_expired")),
                "{rest}"
            );
        }
    }
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn operators_put_the_app_on_a_plan_and_others_see_what_it_limits() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    let limits =
        json!({"document_units": {"day": 500}, "requests_per_minute": 60, "features": {"ocr": true}});
    let plan =
        world.create("/api/v1/plans", json!({"code": "pro", "name": "Pro & more", "limits": limits})).await;
    let plan_id = plan["id"].as_str().unwrap();
    world.operated("POST", &format!("/api/v1/plans/{plan_id}/activate"), None).await;

    let olga = operator(&world, "olga").await;
    let before = olga.get(&path).await;
    let assigned = olga.submit(&before, "plan-form", &[("plan_id", plan_id)]).await;
    assert!(inside(&follow(&olga, &assigned).await, "notice").contains("is on the plan"));
    let dora = member(&world, &acme, "dora", "developer").await;
    let page = dora.get(&path).await;
    for text in ["Pro &#38; more", "500 Document Units per day.", "60 requests per minute.", "ocr: yes."] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }

    // The form was made of the app as it was before.
    let stale = olga.submit(&before, "plan-form", &[("plan_id", plan_id)]).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));
    for unknown in ["pln_00000000000000000000000000", ""] {
        let refused = olga.submit(&olga.get(&path).await, "plan-form", &[("plan_id", unknown)]).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(inside(&refused, "plan-id-error").contains("does not exist"));
    }

    let held = olga.submit(&olga.get(&path).await, "plan-hold-form", &[]).await;
    let page = follow(&olga, &held).await;
    assert!(has(&page, "plan-on-hold") && page.text().contains("data-reason=\"plan_on_hold\""));
    assert_eq!(world.ask_token(&app, "").await.status, 400);
    let released = olga.submit(&page, "plan-release-form", &[]).await;
    let page = follow(&olga, &released).await;
    assert!(has(&page, "explain-ok"));
    let removed = olga.submit(&page, "plan-remove-form", &[]).await;
    assert!(has(&follow(&olga, &removed).await, "no-plan"));

    let csrf = csrf_of(&dora.get(&path).await);
    let fields = [("csrf", csrf.as_str()), ("action", "assign"), ("plan_id", plan_id), ("version", "9")];
    assert_eq!(dora.post(&format!("{path}/plan"), &fields).await.status, 403);
}

#[actix_web::test]
async fn warnings_are_sentences_and_a_public_app_is_no_fault() {
    let world = World::new().await;
    let more = json!({
        "client_type": "public", "service_access": {"as": "none"}, "sign_in": {"community": true},
        "reference_tokens": "authenticated_users",
    });
    let (acme, _, path) = estate(&world, more).await;
    let page = member(&world, &acme, "ada", "auditor").await.get(&path).await;
    assert!(has(&page, "explain-people") && !has(&page, "explain-problem"), "{}", page.text());
    for text in [
        "Customers and partners may sign in",
        "Reference tokens can be made",
        "there is no redirect URI to send",
    ] {
        assert!(inside(&page, "warnings").contains(text) || page.text().contains(text), "{text}");
    }
}

#[actix_web::test]
async fn seed_002_an_interactive_app_is_as_it_should_be_without_service_access() {
    let world = World::new().await;
    let more = json!({
        "sign_in": {"internal": true}, "service_access": {"as": "none"}, "scopes": "read",
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    let (acme, app, path) = estate(&world, more).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let page = dora.get(&path).await;
    assert_page(&page);
    assert!(page.text().contains("<p class=\"message done\" id=\"explain-people\">"), "{}", page.text());
    let said = text_of(page.text(), "explain-people").unwrap();
    assert!(said.starts_with("Yes, when somebody signs in: internal users can"), "{said}");
    assert!(said.contains("By itself it gets none, as it is set"), "{said}");
    assert!(!has(&page, "explain-problem") && !page.text().contains(">denied<"), "{}", page.text());
    assert!(!has(&page, "warnings"), "{}", page.text());

    // What stops people is still what is said.
    let answer = dora.submit(&page, "disable-form", &[]).await;
    let page = follow(&dora, &answer).await;
    assert!(page.text().contains("data-reason=\"app_disabled\"") && !has(&page, "explain-people"));
    dora.submit(&page, "enable-form", &[]).await;

    // Nobody can use it: that is wrong.
    let change = json!({"sign_in": {"internal": false}});
    world.operated("PATCH", &format!("/api/v1/apps/{}", app.id), Some(change)).await;
    let page = dora.get(&path).await;
    assert!(page.text().contains("data-reason=\"service_access_off\""), "{}", page.text());
    assert!(
        text_of(page.text(), "explain-advice").unwrap().starts_with("Say in its settings who may sign in.")
    );
    assert!(inside(&page, "warnings").contains("nobody may sign in, so they have no effect"));
}

#[actix_web::test]
async fn an_app_is_deleted_by_typing_its_name_only() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let question = dora.get(&format!("{path}/delete")).await;
    assert_page(&question);
    for typed in ["", "orders", "Order"] {
        let refused = dora.submit(&question, "delete-form", &[("name", typed)]).await;
        assert_eq!(refused.status, 422, "{typed}");
        assert!(
            has(&refused, "confirm-name-error") && refused.text().contains(&format!("value=\"{typed}\""))
        );
    }
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    let deleted = dora.submit(&question, "delete-form", &[("name", " Orders ")]).await;
    let list = follow(&dora, &deleted).await;
    assert!(inside(&list, "notice").starts_with("The app is deleted"), "{}", list.text());
    assert!(has(&list, "no-apps"));
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    assert_eq!(dora.get(&path).await.status, 404);
}
