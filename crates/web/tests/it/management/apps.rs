//! Apps (seeds 000, 001 and 002).

use serde_json::{Value, json};

use crate::world::people::member;
use crate::world::requests::bearer;
use crate::world::{BASE_URL, World};

#[actix_web::test]
async fn a_new_app_is_answered_with_everything_about_it_and_its_secret() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let body = json!({
        "tenant_id": tenant_id, "name": "  My   App ", "region": "eu-west",
        "allowed_domains": ["https://app.example.com/", null, "http://localhost:3000/"],
        "login_redirect_uris": ["https://app.example.com/cb"], "sign_in": {"internal": true},
        "token_lifetime_seconds": 300
    });
    let answer = world.operate("POST", "/api/v1/apps", Some(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let app = answer.json();
    let id = app["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), Some(format!("{BASE_URL}/api/v1/apps/{id}").as_str()));
    assert_eq!((answer.header("etag"), answer.header("cache-control")), (Some("\"1\""), Some("no-store")));
    assert!(app["client_secret"].as_str().unwrap().len() > 40);
    for (member, expected) in [
        ("tenant_id", json!(tenant_id)),
        ("client_type", json!("confidential")),
        ("origin", json!("external")),
        ("enabled", json!(true)),
        ("name", json!("My App")),
        ("license_region", json!("eu-west")),
        ("db_code", json!("eu1")),
        ("allowed_domain_1", json!("app.example.com")),
        ("allowed_domain_2", Value::Null),
        ("allowed_domain_3", json!("localhost:3000")),
        ("login_redirect_uris", json!(["https://app.example.com/cb"])),
        ("logout_redirect_uris", json!([])),
        ("sign_in", json!({"internal": true, "community": false})),
        ("service_access", json!({"as": "app"})),
        ("scopes", json!("read")),
        ("reference_tokens", json!("none")),
        ("basic_authentication", json!(false)),
        ("token_lifetime_seconds", json!(300)),
        ("pkce", json!("required")),
        ("backchannel_logout_uri", Value::Null),
        ("plan", Value::Null),
        ("warnings", json!([])),
        ("version", json!(1)),
    ] {
        assert_eq!(app[member], expected, "{member}");
    }
    let created_at = app["created_at"].as_str().unwrap();
    assert!(created_at.contains('T') && created_at.ends_with('Z'), "{created_at}");
    let mut seen_again = world.operated("GET", &format!("/api/v1/apps/{id}"), None).await;
    assert_eq!(seen_again.get("client_secret"), None);
    seen_again["client_secret"] = app["client_secret"].clone();
    assert_eq!(seen_again, app);
}

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_null_clears() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let settings =
        json!({"allowed_domains": ["a.example"], "token_lifetime_seconds": 60, "scopes": "read write"});
    let app = world.app_with(&tenant_id, "Acme", settings).await;
    let path = format!("/api/v1/apps/{}", app.id);
    let patch = json!({"scopes": "read", "allowed_domains": null, "token_lifetime_seconds": null,
        "sign_in": {"community": true}, "reference_tokens": "administrators_only"});
    let changed = world.operated("PATCH", &path, Some(patch)).await;
    assert_eq!((&changed["name"], &changed["scopes"]), (&json!("Acme"), &json!("read")));
    assert_eq!(
        (&changed["allowed_domain_1"], &changed["token_lifetime_seconds"]),
        (&Value::Null, &json!(900))
    );
    assert_eq!(changed["version"], 2);
    let warnings = changed["warnings"].as_array().unwrap();
    for warning in ["community_without_internal", "sign_in_without_redirect_uri", "reference_tokens_allowed"]
    {
        assert!(warnings.contains(&json!(warning)), "{changed}");
    }
}

#[actix_web::test]
async fn how_people_sign_in_and_out_is_set_and_cleared() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let settings = json!({"pkce": "optional", "backchannel_logout_uri": "https://a.example/over"});
    let app = world.app_with(&tenant_id, "Acme", settings.clone()).await;
    let path = format!("/api/v1/apps/{}", app.id);
    let of = |app: Value| (app["pkce"].clone(), app["backchannel_logout_uri"].clone());
    let shown = of(world.operated("GET", &path, None).await);
    assert_eq!(shown, (settings["pkce"].clone(), settings["backchannel_logout_uri"].clone()));
    let cleared = json!({"pkce": null, "backchannel_logout_uri": null});
    assert_eq!(of(world.operated("PATCH", &path, Some(cleared)).await), (json!("required"), Value::Null));
    assert_eq!(of(world.operated("PATCH", &path, Some(settings)).await), shown);
    let (_, token) = member(&world, &tenant_id, "owner", "owner").await;
    let answer = world.call(&token, "PATCH", &path, Some(json!({"pkce": "required"}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = world.call(&token, "PATCH", &path, Some(json!({"pkce": "optional"}))).await;
    assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
}

#[actix_web::test]
async fn contradictions_and_conflicts_are_told() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    world.app_with(&tenant_id, "Taken", json!({"client_id": "com.vendor/app"})).await;
    let other = world.tenant("", "Other").await;
    for (body, status, code, field) in [
        (json!({"name": "taken"}), 409, "name_taken", "name"),
        (json!({"tenant_id": other, "client_id": "com.vendor/app"}), 409, "client_id_taken", "client_id"),
        (json!({"region": "nowhere"}), 422, "region_unknown", "region"),
        (json!({"scopes": "nothing"}), 422, "app_settings", "scopes"),
        (json!({"scopes": "sec"}), 422, "app_settings", "scopes"),
        (json!({"plan_id": "pln_00000000000000000000000000"}), 422, "plan_unknown", "plan_id"),
        (
            json!({"client_type": "public", "service_access": {"as": "app"}}),
            422,
            "app_settings",
            "service_access",
        ),
        (
            json!({"service_access": {"as": "user", "user_id": "usr_00000000000000000000000000"}}),
            422,
            "app_settings",
            "service_access.user_id",
        ),
        (
            json!({"client_type": "public", "service_access": {"as": "none"}, "pkce": "optional"}),
            422,
            "app_settings",
            "pkce",
        ),
        (
            json!({"backchannel_logout_uri": "http://app.example.com/over"}),
            422,
            "invalid_fields",
            "backchannel_logout_uri",
        ),
        (json!({"tenant_id": null}), 422, "tenant_required", "tenant_id"),
    ] {
        let mut request = json!({"tenant_id": tenant_id, "name": "New", "region": "eu-west"});
        request.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let answer = world.operate("POST", "/api/v1/apps", Some(request)).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{body}");
        assert_eq!(answer.blamed_fields(), [field], "{body}");
    }
}

#[actix_web::test]
async fn a_refusal_of_scopes_names_each_of_them() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let body =
        json!({"tenant_id": tenant_id, "name": "New", "region": "eu-west", "scopes": "read nothing sec"});
    let answer = world.operate("POST", "/api/v1/apps", Some(body)).await;
    assert_eq!(answer.problem(), (422, "app_settings".to_owned()));
    assert_eq!(
        answer.json()["errors"],
        json!([
            {"field": "scopes", "message": "the scope does not exist: nothing"},
            {"field": "scopes", "message": "the scope is reserved: sec"}
        ])
    );
}

#[actix_web::test]
async fn the_fourth_app_needs_an_operators_leave() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    for name in ["One", "Two", "Three"] {
        world.app_with(&tenant_id, name, json!({})).await;
    }
    let fourth = json!({"tenant_id": tenant_id, "name": "Four", "region": "eu-west"});
    let answer = world.operate("POST", "/api/v1/apps", Some(fourth)).await;
    assert_eq!(answer.problem(), (403, "app_limit_reached".to_owned()));
    world.operated("PATCH", &format!("/api/v1/tenants/{tenant_id}"), Some(json!({"app_limit": 4}))).await;
    world.app_with(&tenant_id, "Four", json!({})).await;
}

#[actix_web::test]
async fn a_deleted_app_is_gone_with_its_tokens() {
    let world = World::new().await;
    let (app, asker) = (world.lone_app("Acme").await, world.token(&world.operator).await);
    let token = world.token(&app).await;
    let path = format!("/api/v1/apps/{}", app.id);
    let answer = world.operate("DELETE", &path, None).await;
    assert_eq!((answer.status, answer.text()), (204, ""));
    assert_eq!(world.operate("DELETE", &path, None).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(world.operate("GET", &path, None).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(world.ask_token(&app, "").await.oauth_error(), (401, "invalid_client".to_owned()));
    let ask = crate::world::requests::form("/connect/introspect", &format!("token={token}"));
    assert_eq!(world.send(ask.insert_header(bearer(&asker))).await.text(), r#"{"active":false}"#);
}

#[actix_web::test]
async fn a_public_app_has_no_secret() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant_id, "Public", json!({"client_type": "public"})).await;
    assert_eq!(app.secret, "");
    let path = format!("/api/v1/apps/{}", app.id);
    let shown = world.operated("GET", &path, None).await;
    assert_eq!(shown["service_access"], json!({"as": "none"}));
    let answer = world.operate("POST", &format!("{path}/secrets/regenerate"), None).await;
    assert_eq!(answer.problem(), (409, "public_client".to_owned()));
}

#[actix_web::test]
async fn only_an_operator_chooses_a_client_id() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let (_, token) = member(&world, &acme, "ann", "developer").await;
    let app = json!({"name": "App", "region": "eu-west", "client_id": "com.vendor/app"});
    let refused = world.call(&token, "POST", "/api/v1/apps", Some(app)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    world.app_with(&acme, "App", json!({"client_id": "com.vendor/app"})).await;
}
