//! The settings of an app: every one comes back as it was saved, and what is wrong stands beside its field.

use serde_json::{Value, json};
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator};
use crate::account::browser::{Browser, message_of};
use crate::account::pages::assert_page;
use crate::world::answer::Answer;
use crate::world::{TestApp, World};

/// A form that changes nothing about an app named Orders.
pub(super) const PLAIN: [(&str, &str); 12] = [
    ("name", "Orders"),
    ("allowed_domain_1", ""),
    ("allowed_domain_2", ""),
    ("allowed_domain_3", ""),
    ("sign_in", "nobody"),
    ("login_redirect_uris", ""),
    ("logout_redirect_uris", ""),
    ("backchannel_logout_uri", ""),
    ("service_access", "app"),
    ("scopes", "read"),
    ("token_lifetime_seconds", "900"),
    ("reference_tokens", "none"),
];

async fn estate(world: &World, more: Value) -> (String, TestApp, String) {
    let tenant_id = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant_id, "Orders", more).await;
    let path = format!("/dashboard/tenants/{tenant_id}/apps/{}/settings", app.id);
    (tenant_id, app, path)
}

fn changed<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_kept = |(name, _): &&(&str, &str)| !fields.iter().any(|(field, _)| field == name);
    PLAIN.iter().filter(is_kept).chain(fields).copied().collect()
}

/// Saves the plain settings with these.
async fn save(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.submit(&browser.get(path).await, "settings-form", &changed(fields)).await
}

async fn record(world: &World, app: &TestApp) -> Value {
    world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await
}

/// Whether the page shows this choice as the one that is made.
fn is_chosen(page: &Answer, name: &str, value: &str) -> bool {
    let text = page.text();
    let button = format!("name=\"{name}\" type=\"radio\" value=\"{value}\" checked");
    text.contains(&button) || text.contains(&format!("<option value=\"{value}\" selected"))
}

#[actix_web::test]
async fn every_setting_comes_back_as_it_was_saved() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    let robot = world
        .create("/api/v1/users", json!({"kind": "system", "name": "robot", "display_name": "Robot"}))
        .await;
    let robot = robot["id"].as_str().unwrap();
    let olga = operator(&world, "olga").await;
    let page = olga.get(&path).await;
    assert_page(&page);
    let saved = olga
        .submit(
            &page,
            "settings-form",
            &[
                ("name", "Billing & more"),
                ("allowed_domain_1", "https://App.example.com/"),
                ("allowed_domain_2", ""),
                ("allowed_domain_3", "localhost:3000"),
                ("sign_in", "internal_and_community"),
                ("login_redirect_uris", " https://a.example/cb \r\n\r\nhttps://b.example/cb"),
                ("logout_redirect_uris", "https://a.example/bye"),
                ("backchannel_logout_uri", "https://a.example/logout"),
                ("pkce", "optional"),
                ("service_access", "user"),
                ("system_user_id", robot),
                ("scopes", "read write"),
                ("token_lifetime_seconds", "300"),
                ("reference_tokens", "administrators_only"),
                ("basic_authentication", "allowed"),
            ],
        )
        .await;
    assert_eq!(saved.header("location"), Some(&*format!("{path}?done=saved")), "{}", saved.text());
    let stored = record(&world, &app).await;
    for (member, expected) in [
        ("name", json!("Billing & more")),
        ("allowed_domain_1", json!("app.example.com")),
        ("allowed_domain_2", json!(null)),
        ("allowed_domain_3", json!("localhost:3000")),
        ("sign_in", json!({"internal": true, "community": true})),
        ("login_redirect_uris", json!(["https://a.example/cb", "https://b.example/cb"])),
        ("logout_redirect_uris", json!(["https://a.example/bye"])),
        ("backchannel_logout_uri", json!("https://a.example/logout")),
        ("pkce", json!("optional")),
        ("service_access", json!({"as": "user", "user_id": robot})),
        ("scopes", json!("read write")),
        ("token_lifetime_seconds", json!(300)),
        ("reference_tokens", json!("administrators_only")),
        ("basic_authentication", json!(true)),
    ] {
        assert_eq!(stored[member], expected, "{member}");
    }

    let page = olga.get(&format!("{path}?done=saved")).await;
    assert!(text_of(page.text(), "notice").unwrap().starts_with("The settings are saved."));
    for text in [
        "value=\"Billing &#38; more\"",
        "value=\"app.example.com\"",
        "value=\"localhost:3000\"",
        "https://a.example/cb\nhttps://b.example/cb</textarea>",
        "https://a.example/bye</textarea>",
        "value=\"https://a.example/logout\"",
        "value=\"read write\"",
        "value=\"300\"",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    for (name, value) in [
        ("sign_in", "internal_and_community"),
        ("pkce", "optional"),
        ("service_access", "user"),
        ("system_user_id", robot),
        ("reference_tokens", "administrators_only"),
        ("basic_authentication", "allowed"),
    ] {
        assert!(is_chosen(&page, name, value), "{name}: {}", page.text());
    }

    // A developer, who has no say in the system user, keeps it; and what is empty is cleared.
    let dora = member(&world, &acme, "dora", "developer").await;
    let page = dora.get(&path).await;
    assert!(!page.text().contains("id=\"system-user\""));
    let fields = changed(&[("service_access", "user"), ("token_lifetime_seconds", ""), ("pkce", "required")]);
    assert_eq!(dora.submit(&page, "settings-form", &fields).await.status, 303);
    let stored = record(&world, &app).await;
    for (member, expected) in [
        ("service_access", json!({"as": "user", "user_id": robot})),
        ("name", json!("Orders")),
        ("allowed_domain_1", json!(null)),
        ("login_redirect_uris", json!([])),
        ("backchannel_logout_uri", json!(null)),
        ("token_lifetime_seconds", json!(900)),
        ("pkce", json!("required")),
        // Not sent, so not changed.
        ("basic_authentication", json!(true)),
    ] {
        assert_eq!(stored[member], expected, "{member}");
    }
}

#[actix_web::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    world.app_with(&acme, "Taken", json!({})).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let before = record(&world, &app).await;
    for (field, typed, error_id, error) in [
        ("name", "", "name-error", "Must not be empty."),
        ("name", "taken", "name-error", "has this name"),
        ("allowed_domain_2", "*.example.com", "allowed-domain-2-error", "wildcard"),
        (
            "login_redirect_uris",
            "https://a.example/\nhttp://b.example/",
            "login-redirect-uris-error",
            "Line 2: ",
        ),
        ("logout_redirect_uris", "ftp://a.example/", "logout-redirect-uris-error", "Line 1: "),
        ("backchannel_logout_uri", "http://a.example/", "backchannel-logout-uri-error", "https"),
        ("scopes", "read nonsense", "scopes-error", "nonsense"),
        ("scopes", "read sec", "scopes-error", "reserved"),
        ("token_lifetime_seconds", "59", "token-lifetime-error", "60 to 900"),
        ("token_lifetime_seconds", "soon", "token-lifetime-error", "whole number"),
        ("sign_in", "everybody", "sign-in-error", "possible values"),
        ("service_access", "user", "service-access-error", "required"),
    ] {
        let refused = save(&dora, &path, &[(field, typed)]).await;
        assert!([409, 422].contains(&refused.status), "{field}: {}", refused.status);
        let said = text_of(refused.text(), error_id).unwrap_or_else(|| panic!("{field}: {}", refused.text()));
        assert!(said.contains(error), "{field}: {said}");
        let is_typed = ["sign_in", "service_access"].contains(&field) || refused.text().contains(typed);
        assert!(is_typed, "{field}: {}", refused.text());
    }
    let doubled = [("allowed_domain_1", "a.example"), ("allowed_domain_2", "A.example")];
    let refused = save(&dora, &path, &doubled).await;
    assert_eq!(text_of(refused.text(), "allowed-domains-error").as_deref(), Some("Is listed twice."));
    assert_eq!(record(&world, &app).await, before);

    // Everything that is wrong is said at once.
    let refused =
        save(&dora, &path, &[("name", ""), ("token_lifetime_seconds", "1"), ("scopes", "\"")]).await;
    for id in ["name-error", "token-lifetime-error", "scopes-error"] {
        assert!(text_of(refused.text(), id).is_some(), "{id}");
    }
}

#[actix_web::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten_unknowingly() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let page = dora.get(&path).await;
    let api = format!("/api/v1/apps/{}", app.id);
    world.operated("PATCH", &api, Some(json!({"name": "Renamed"}))).await;

    let refused = dora.submit(&page, "settings-form", &changed(&[("name", "Mine")])).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("stale_version")));
    assert!(refused.text().contains("value=\"Mine\""), "{}", refused.text());
    assert_eq!(record(&world, &app).await["name"], "Renamed");
    let meant = dora.submit(&refused, "settings-form", &changed(&[("name", "Mine")])).await;
    assert_eq!((meant.status, record(&world, &app).await["name"].as_str()), (303, Some("Mine")));
    for version in ["", "x"] {
        let broken = dora.submit(&page, "settings-form", &changed(&[("version", version)])).await;
        assert_eq!((broken.status, message_of(&broken).as_deref()), (400, Some("malformed_request")));
    }
}

#[actix_web::test]
async fn what_operators_choose_is_not_for_developers() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, json!({})).await;
    let robot = world
        .create("/api/v1/users", json!({"kind": "system", "name": "robot", "display_name": "Robot"}))
        .await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let page = dora.get(&path).await;
    for id in ["id=\"pkce\"", "id=\"system-user\"", "Robot"] {
        assert!(!page.text().contains(id), "{id}");
    }
    let lifted = save(&dora, &path, &[("pkce", "optional")]).await;
    assert_eq!((lifted.status, message_of(&lifted).as_deref()), (403, Some("forbidden")));
    let as_robot =
        save(&dora, &path, &[("service_access", "user"), ("system_user_id", robot["id"].as_str().unwrap())])
            .await;
    assert_eq!((as_robot.status, message_of(&as_robot).as_deref()), (403, Some("forbidden")));
    let stored = record(&world, &app).await;
    assert_eq!((&stored["pkce"], &stored["service_access"]["as"]), (&json!("required"), &json!("app")));
}

#[actix_web::test]
async fn texts_of_people_never_become_markup() {
    let world = World::new().await;
    let (acme, _, path) = estate(&world, json!({})).await;
    let dora = member(&world, &acme, "dora", "developer").await;
    let evil = "\"></textarea><script>alert(1)</script>";
    let names =
        ["name", "allowed_domain_1", "login_redirect_uris", "scopes", "token_lifetime_seconds", "sign_in"];
    let refused = save(&dora, &path, &names.map(|name| (name, evil))).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.text().contains("<script>alert") && refused.text().contains("&#60;script&#62;"));
}
