//! The pages on which operators look after resources, scopes and resource servers.

use serde_json::json;
use turnkeep_testkit::page_form::{attribute, text_of};

use super::estate::{member, operator};
use crate::account::browser::{form_of, message_of};
use crate::account::pages::assert_page;
use crate::world::World;

/// The path of the page of the resource with this audience.
async fn resource_path(world: &World, audience: &str) -> String {
    let resources = world.operated("GET", "/api/v1/resources", None).await;
    let found = resources["items"].as_array().unwrap().iter().find(|one| one["audience"] == audience);
    format!("/dashboard/resources/{}", found.unwrap()["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_resource_is_made_with_a_scope_and_changed() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/resources/new").await;
    assert_page(&page);
    let fields = [
        ("audience", "https://api.example.com"),
        ("name", "<b>Api</b>"),
        ("limits_claims", "both"),
        ("signing_alg", "EdDSA"),
    ];
    let made = olga.submit(&page, "new-resource-form", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let path = made.header("location").unwrap().split('?').next().unwrap();
    let shown = olga.get(path).await;
    assert_page(&shown);
    assert!(shown.text().contains("&#60;b&#62;Api") && !shown.text().contains("<b>Api"));

    let page = olga.get(&format!("{path}/scopes/new")).await;
    let fields = [("name", "invoices:read"), ("description", "See <i>invoices"), ("grant", "default")];
    let made = olga.submit(&page, "new-scope-form", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let shown = olga.get(path).await;
    for text in ["<code>invoices:read</code>", "See &#60;i&#62;invoices", "every new app"] {
        assert!(shown.text().contains(text), "{text}: {}", shown.text());
    }
    let fields = [("name", "Api"), ("limits_claims", "limits"), ("signing_alg", "ES256")];
    assert_eq!(olga.submit(&shown, "resource-form", &fields).await.status, 303);
    let record = world.operated("GET", &format!("/api/v1{}", &path["/dashboard".len()..]), None).await;
    assert_eq!((&record["name"], &record["signing_alg"]), (&json!("Api"), &json!("ES256")));
    assert_eq!(record["limits_claims"], "limits");
    let list = olga.get("/dashboard/resources?search=api.example").await;
    assert!(list.text().contains("https://api.example.com") && !list.text().contains("TrueParser.API"));
}

#[actix_web::test]
async fn what_is_wrong_stands_beside_its_field() {
    let world = World::new().await;
    let path = resource_path(&world, "TrueParser.API").await;
    let olga = operator(&world, "olga").await;
    for (address, form, usual, field, value, status) in [
        ("/dashboard/resources/new", "new-resource-form", &NEW_RESOURCE[..], "audience", "two words", 422),
        ("/dashboard/resources/new", "new-resource-form", &NEW_RESOURCE, "audience", "TrueParser.API", 409),
        ("/dashboard/resources/new", "new-resource-form", &NEW_RESOURCE, "name", "", 422),
        ("/dashboard/resources/new", "new-resource-form", &NEW_RESOURCE, "signing-alg", "none", 422),
        ("/dashboard/resources/new", "new-resource-form", &NEW_RESOURCE, "limits-claims", "x", 422),
        (&format!("{path}/scopes/new"), "new-scope-form", &NEW_SCOPE, "name", "a b", 422),
        (&format!("{path}/scopes/new"), "new-scope-form", &NEW_SCOPE, "name", "read", 409),
        (&format!("{path}/scopes/new"), "new-scope-form", &NEW_SCOPE, "name", "openid", 422),
        (&format!("{path}/scopes/new"), "new-scope-form", &NEW_SCOPE, "grant", "all", 422),
        (&format!("{path}/servers/new"), "new-server-form", &[], "client-id", "", 422),
        (&format!("{path}/servers/new"), "new-server-form", &[], "client-id", "nobody", 422),
    ] {
        let page = olga.get(address).await;
        assert_page(&page);
        let name = field.replace('-', "_");
        let mut fields: Vec<_> = usual.iter().copied().filter(|(known, _)| *known != name).collect();
        fields.push((name.as_str(), value));
        let refused = olga.submit(&page, form, &fields).await;
        assert_eq!(refused.status, status, "{field} {value}: {}", refused.text());
        assert!(refused.text().contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.text());
    }
}

const NEW_RESOURCE: [(&str, &str); 4] =
    [("audience", "api"), ("name", "Api"), ("limits_claims", "limits"), ("signing_alg", "ES256")];

const NEW_SCOPE: [(&str, &str); 3] = [("name", "pay"), ("description", ""), ("grant", "any_app")];

#[actix_web::test]
async fn a_scope_that_is_deleted_is_in_no_token_any_more() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({"scopes": "read write"})).await;
    let path = resource_path(&world, "TrueParser.API").await;
    let olga = operator(&world, "olga").await;
    let page = olga.get(&path).await;
    let (before, _) = page.text().split_once("name=\"name\" value=\"write\"").unwrap();
    let (_, form) = before.rsplit_once("<form").unwrap();
    let form_id = &attribute(form, "id").unwrap();
    let deleted = olga.submit(&page, form_id, &MEANT).await;
    assert_eq!(deleted.status, 303, "{}", deleted.text());
    let token = world.ask_token(&app, "").await;
    assert_eq!(token.json()["scope"], "read", "{}", token.text());
    // The page of before still has the button.
    for ticked in [&MEANT[..], &[]] {
        assert_eq!(olga.submit(&page, form_id, ticked).await.status, 404, "{ticked:?}");
    }
}

/// The box that is ticked.
const MEANT: [(&str, &str); 1] = [("scope_is_lost", "on")];

#[actix_web::test]
async fn no_scope_is_deleted_by_the_press_of_one_button() {
    let world = World::new().await;
    let path = resource_path(&world, "TrueParser.API").await;
    let scopes = format!("/api/v1{}/scopes", &path["/dashboard".len()..]);
    let before = world.operated("GET", &scopes, None).await;
    let olga = operator(&world, "olga").await;
    let page = olga.get(&path).await;
    for place in 1..=3 {
        assert!(page.text().contains(&format!(" id=\"delete-scope-{place}-details\"><summary>")), "{place}");
    }
    for ticked in [&[][..], &[("scope_is_lost", "")], &[("scope_is_lost", "off")]] {
        let refused = olga.submit(&page, "delete-scope-2", ticked).await;
        assert_page(&refused);
        assert_eq!(refused.status, 422, "{ticked:?}");
        let html = refused.text();
        let errors = [1, 2, 3].map(|place| text_of(html, &format!("scope-is-lost-{place}-error")));
        let error = "Tick this to show that you mean it: nothing was changed.".to_owned();
        assert_eq!(errors, [None, Some(error), None], "{ticked:?}");
        // What is wrong can be seen without unfolding anything.
        assert!(html.contains(" id=\"delete-scope-2-details\" open>"), "{html}");
        assert_eq!(html.matches("-details\" open>").count(), 1, "{html}");
        assert_eq!(world.operated("GET", &scopes, None).await["items"], before["items"], "{ticked:?}");
    }
}

#[actix_web::test]
async fn scopes_of_the_management_api_stay() {
    let world = World::new().await;
    let resources = world.operated("GET", "/api/v1/resources", None).await;
    let olga = operator(&world, "olga").await;
    let found = resources["items"].as_array().unwrap().iter().find(|one| one["audience"] != "TrueParser.API");
    let path = format!("/dashboard/resources/{}", found.unwrap()["id"].as_str().unwrap());
    let page = olga.get(&path).await;
    let refused = olga.submit(&page, "delete-scope-1", &MEANT).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("platform_record")));
}

#[actix_web::test]
async fn a_resource_server_may_introspect_from_being_added_to_being_removed() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orders", json!({"scopes": "read"})).await;
    let server = world.app_with(&acme, "<b>Parser", json!({})).await;
    let token = world.token(&app).await;
    let path = resource_path(&world, "TrueParser.API").await;
    let olga = operator(&world, "olga").await;
    assert_eq!(world.introspect(&server, &token).await.json()["active"], false);
    let page = olga.get(&format!("{path}/servers/new")).await;
    let added = olga.submit(&page, "new-server-form", &[("client_id", &server.client_id)]).await;
    assert_eq!(added.status, 303, "{}", added.text());
    assert_eq!(world.introspect(&server, &token).await.json()["active"], true);
    let shown = olga.get(&path).await;
    assert!(shown.text().contains("&#60;b&#62;Parser"), "{}", shown.text());
    assert_eq!(olga.submit(&shown, "remove-server-1", &[]).await.status, 303);
    assert_eq!(world.introspect(&server, &token).await.json()["active"], false);
}

#[actix_web::test]
async fn members_change_no_resource_and_no_form_works_without_its_token() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let path = resource_path(&world, "TrueParser.API").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let own = ada.get(&format!("/dashboard/tenants/{acme}/edit")).await;
    let olga = operator(&world, "olga").await;
    for rest in ["", "/scopes/new", "/scopes/delete", "/servers/new", "/servers/remove"] {
        let action = format!("{path}{rest}");
        let mut form = form_of(&own, "tenant-form");
        form.action.clone_from(&action);
        assert_eq!(ada.send_form(&form, &[("name", "read")]).await.status, 404, "{rest}");
        assert_eq!(olga.post(&action, &[("name", "read")]).await.status, 403, "{rest}");
    }
    let scopes = world.operated("GET", &format!("/api/v1{}/scopes", &path["/dashboard".len()..]), None).await;
    assert_eq!(scopes["items"].as_array().map(Vec::len), Some(3), "{scopes}");
}
