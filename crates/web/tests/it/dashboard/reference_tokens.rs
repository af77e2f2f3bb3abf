//! The inventory of reference tokens of an app, and tokens for services.

use serde_json::json;
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator, resource_server};
use crate::account::browser::{link_of, message_of};
use crate::account::pages::assert_page;
use crate::logs::{keep_log, logged};
use crate::world::people::token_of;
use crate::world::{TestApp, World};

const INACTIVE: &str = r#"{"active":false}"#;

/// A tenant with an app that takes reference tokens, and the path of their inventory.
async fn estate(world: &World, policy: &str) -> (String, TestApp, String) {
    let acme = world.tenant("", "Acme").await;
    let settings = json!({
        "scopes": "read write", "reference_tokens": policy, "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    let app = world.app_with(&acme, "Orders", settings).await;
    let path = format!("/dashboard/tenants/{acme}/apps/{}/tokens", app.id);
    (acme, app, path)
}

#[actix_web::test]
async fn a_service_token_is_shown_once_listed_without_itself_and_revoked() {
    keep_log();
    let world = World::new().await;
    let (acme, app, path) = estate(&world, "administrators_only").await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let empty = ada.get(&path).await;
    assert_page(&empty);
    assert!(empty.text().contains("id=\"no-tokens\""), "{}", empty.text());

    let fields = [("name", "<b>nightly"), ("scope:read", "on"), ("lifetime_days", "30")];
    let shown = ada.submit(&empty, "new-token-form", &fields).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert_page(&shown);
    let token = text_of(shown.text(), "secret").unwrap();
    assert!(token.starts_with("tksat_"), "{token}");
    assert!(shown.text().contains("&#60;b&#62;nightly") && !shown.text().contains("<b>nightly"));
    assert!(shown.text().contains("datetime=\"2026-01-31T00:00:00Z\""), "{}", shown.text());
    let seen = world.introspect(&app, &token).await.json();
    assert_eq!((&seen["active"], &seen["scope"]), (&json!(true), &json!("read")));

    let list = ada.get(&path).await;
    assert!(!list.text().contains(&token) && !logged().contains(&token));
    for text in ["&#60;b&#62;nightly", "The app itself", "<code>read</code>", "state on"] {
        assert!(list.text().contains(text), "{text}: {}", list.text());
    }
    let id = seen["jti"].as_str().unwrap();
    let revoked = ada.submit(&list, &format!("revoke-{id}-form"), &[]).await;
    assert_eq!((revoked.status, revoked.header("location")), (303, Some(&*format!("{path}?done=revoked"))));
    assert_eq!(world.introspect(&app, &token).await.text(), INACTIVE);
    let list = ada.get(&path).await;
    assert!(list.text().contains("revoked</span>") && !list.text().contains("revoke-rtk"), "{}", list.text());
}

#[actix_web::test]
async fn what_is_wrong_is_beside_its_field_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let (acme, _, path) = estate(&world, "administrators_only").await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let page = ada.get(&path).await;
    for (fields, wrong) in [
        (vec![("name", ""), ("scope:read", "on"), ("lifetime_days", "30")], "token-name-error"),
        (vec![("name", "kept"), ("lifetime_days", "30")], "token-scopes-error"),
        (vec![("name", "kept"), ("scope:other", "on"), ("lifetime_days", "30")], "token-scopes-error"),
        (vec![("name", "kept"), ("scope:read", "on"), ("lifetime_days", "367")], "token-days-error"),
        (vec![("name", "kept"), ("scope:read", "on"), ("lifetime_days", "ever")], "token-days-error"),
    ] {
        let refused = ada.submit(&page, "new-token-form", &fields).await;
        assert_eq!(refused.status, 422, "{fields:?}");
        assert!(text_of(refused.text(), wrong).is_some(), "{fields:?}: {}", refused.text());
        let is_kept = refused.text().contains("value=\"kept\"");
        assert_eq!(is_kept, fields.contains(&("name", "kept")), "{fields:?}");
        let is_ticked = refused.text().contains("name=\"scope:read\" type=\"checkbox\" value=\"on\" checked");
        assert_eq!(is_ticked, fields.contains(&("scope:read", "on")), "{fields:?}");
    }
    assert!(ada.get(&path).await.text().contains("id=\"no-tokens\""));
}

#[actix_web::test]
async fn the_personal_tokens_of_people_are_in_the_inventory_with_their_names() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, "authenticated_users").await;
    let ann = member(&world, &acme, "ann", "developer").await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let users = world.operated("GET", "/api/v1/users?limit=100", None).await;
    let user = users["items"].as_array().unwrap().iter().find(|user| user["name"] == "ann").unwrap();
    let bearer = token_of(&world, user["id"].as_str().unwrap(), Some(&acme)).await;
    let body = json!({"kind": "personal", "name": "laptop", "scopes": "read", "lifetime_days": 7});
    let api = format!("/api/v1/apps/{}/reference-tokens", app.id);
    let made = world.call(&bearer, "POST", &api, Some(body)).await.json();
    let form = format!("revoke-{}-form", made["id"].as_str().unwrap());

    for (browser, makes_service_tokens) in [(&ann, false), (&ada, true)] {
        let list = browser.get(&path).await;
        for text in ["laptop", "ann <span class=\"hint\">personal", form.as_str()] {
            assert!(list.text().contains(text), "{text}: {}", list.text());
        }
        assert_eq!(list.text().contains("new-token-form"), makes_service_tokens);
    }
    // It is hers, so she takes it back without being an administrator; another developer does not see how.
    let eve = member(&world, &acme, "eve", "developer").await;
    assert!(!eve.get(&path).await.text().contains(&form));
    let revoked = ann.submit(&ann.get(&path).await, &form, &[]).await;
    assert_eq!(revoked.status, 303, "{}", revoked.text());
    assert_eq!(world.introspect(&app, made["token"].as_str().unwrap()).await.text(), INACTIVE);
}

#[actix_web::test]
async fn an_app_without_reference_tokens_says_why_and_makes_none() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, "administrators_only").await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let page = ada.get(&path).await;
    world
        .operated("PATCH", &format!("/api/v1/apps/{}", app.id), Some(json!({"reference_tokens": "none"})))
        .await;
    let fields = [("name", "nightly"), ("scope:read", "on"), ("lifetime_days", "30")];
    let refused = ada.submit(&page, "new-token-form", &fields).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("reference_tokens_off")));
    let off = ada.get(&path).await;
    assert!(off.text().contains("id=\"tokens-off\"") && off.text().contains("tokens-settings-link"));
    assert!(!off.text().contains("new-token-form"), "{}", off.text());
}

#[actix_web::test]
async fn a_service_token_is_not_offered_where_it_would_be_refused() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, "administrators_only").await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let olga = operator(&world, "olga").await;
    let off = json!({"service_access": {"as": "none"}});
    world.operated("PATCH", &format!("/api/v1/apps/{}", app.id), Some(off)).await;
    for (browser, is_operator) in [(&ada, false), (&olga, true)] {
        let page = browser.get(&path).await;
        assert_page(&page);
        assert!(!page.text().contains("new-token-form"), "{}", page.text());
        let why = text_of(page.text(), "no-service-access").unwrap();
        assert!(why.starts_with("The app may not act without a person"), "{why}");
        // They alone turn it on.
        assert_eq!(why.contains("ask an operator"), !is_operator, "{why}");
        assert_eq!(page.text().contains("id=\"service-access-link\""), is_operator);
    }
    let public = json!({
        "client_type": "public", "service_access": {"as": "none"}, "sign_in": {"internal": true},
        "reference_tokens": "administrators_only",
    });
    let public = world.app_with(&acme, "Phone", public).await;
    let page = ada.get(&format!("/dashboard/tenants/{acme}/apps/{}/tokens", public.id)).await;
    assert!(!page.text().contains("new-token-form"), "{}", page.text());
    assert!(text_of(page.text(), "no-service-access").unwrap().starts_with("A public app keeps no secret"));
}

#[actix_web::test]
async fn a_long_inventory_comes_in_pages() {
    let world = World::new().await;
    let (acme, app, path) = estate(&world, "authenticated_users").await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let users = world.operated("GET", "/api/v1/users?limit=100", None).await;
    let user = users["items"].as_array().unwrap().iter().find(|user| user["name"] == "ada").unwrap();
    let bearer = token_of(&world, user["id"].as_str().unwrap(), Some(&acme)).await;
    let api = format!("/api/v1/apps/{}/reference-tokens", app.id);
    for (kind, count) in [("personal", 50), ("service", 1)] {
        for number in 0..count {
            // Tokens of one moment have no order.
            world.advance(1);
            let body = json!({"kind": kind, "name": format!("{kind}-{number}"), "scopes": "read"});
            assert_eq!(world.call(&bearer, "POST", &api, Some(body)).await.status, 201);
        }
    }
    let first = ada.get(&path).await;
    assert!(first.text().contains("personal-49") && !first.text().contains("service-0"));
    let second = ada.get(&link_of(&first, "next-link").unwrap()).await;
    assert!(second.text().contains("service-0") && !second.text().contains("personal-49"));
    assert!(!second.text().contains("next-link"), "{}", second.text());
}

#[actix_web::test]
async fn the_page_of_an_app_says_that_reference_tokens_come_back_with_it() {
    let world = World::new().await;
    let (acme, _, path) = estate(&world, "administrators_only").await;
    let api = resource_server(&world, &acme).await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let fields = [("name", "nightly"), ("scope:read", "on"), ("lifetime_days", "30")];
    let shown = ada.submit(&ada.get(&path).await, "new-token-form", &fields).await;
    let token = text_of(shown.text(), "secret").unwrap();
    let is_active = async || world.introspect(&api, &token).await.json()["active"] == true;
    let overview = path.strip_suffix("/tokens").unwrap();

    for (form, said, active) in [
        ("disable-form", "none of its tokens is accepted", false),
        ("enable-form", "reference tokens work again", true),
    ] {
        let page = ada.get(overview).await;
        let link = format!("id=\"reference-tokens-link\" href=\"{path}\"");
        assert!(page.text().contains(&link), "{form}: {}", page.text());
        let answer = ada.submit(&page, form, &[]).await;
        let told = ada.get(answer.header("location").unwrap()).await;
        assert!(told.text().contains(said), "{}", told.text());
        assert_eq!(is_active().await, active, "{form}");
    }
}
