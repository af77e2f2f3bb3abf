//! The life of every other record.

use serde_json::{Value, json};

use crate::attacks::estate::Estate;
use crate::attacks::operations::OPERATIONS;
use crate::world::people::{person, text, token_of};
use crate::world::{BASE_URL, World};

#[actix_web::test]
async fn instances_are_created_renamed_disabled_and_enabled() {
    let world = World::bare();
    let made = world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    assert_eq!((&made["state"], &made["issuer"]), (&json!("active"), &json!(format!("{BASE_URL}/i/acme"))));
    let path = format!("/api/v1/instances/{}", made["id"].as_str().unwrap());
    assert_eq!(world.operated("PATCH", &path, Some(json!({"name": "New"}))).await["name"], "New");
    assert_eq!(world.operated("PATCH", &path, Some(json!({}))).await["version"], 2, "nothing is no change");
    assert_eq!(world.operated("POST", &format!("{path}/disable"), None).await["state"], "disabled");
    let there = world.operate("GET", "/i/acme/api/v1/tenants", None).await;
    assert_eq!(there.problem(), (404, "not_found".to_owned()));
    assert_eq!(world.operated("POST", &format!("{path}/enable"), None).await["state"], "active");
    assert_eq!(world.operate("GET", "/i/acme/api/v1/tenants", None).await.status, 200);
    let again = world.operate("POST", "/api/v1/instances", Some(json!({"slug": "acme", "name": "X"}))).await;
    assert_eq!(
        (again.problem().1, again.blamed_fields()),
        ("slug_taken".to_owned(), vec!["slug".to_owned()])
    );
    let list = world.operated("GET", "/api/v1/instances", None).await;
    let default = list["items"].as_array().unwrap().iter().find(|item| item["slug"] == "default").unwrap();
    assert_eq!(default["issuer"], BASE_URL);
    let path = format!("/api/v1/instances/{}/disable", default["id"].as_str().unwrap());
    assert_eq!(world.operate("POST", &path, None).await.problem(), (409, "default_instance".to_owned()));
}

#[actix_web::test]
async fn an_instance_has_one_of_the_accents_there_are() {
    let world = World::bare();
    let create = |slug: &str, accent: Value| json!({"slug": slug, "name": "X", "accent": accent});
    let made = world.create("/api/v1/instances", json!({"slug": "plain", "name": "Plain"})).await;
    assert_eq!(made["accent"], "blue");
    let made = world.create("/api/v1/instances", create("acme", json!("teal"))).await;
    assert_eq!(made["accent"], "teal");
    let path = format!("/api/v1/instances/{}", text(&made["id"]));
    for (said, accent, version) in
        [(json!("slate"), "slate", 2), (json!("slate"), "slate", 2), (json!(null), "blue", 3)]
    {
        let changed = world.operated("PATCH", &path, Some(json!({"accent": said}))).await;
        assert_eq!((&changed["accent"], &changed["version"]), (&json!(accent), &json!(version)));
        assert_eq!(changed["name"], "X");
        assert_eq!(world.operated("GET", &path, None).await, changed);
    }
    for wrong in [json!("plaid"), json!("Teal"), json!(""), json!("#0b6666"), json!(["teal"]), json!(1)] {
        for (method, path, body) in [
            ("PATCH", path.as_str(), json!({"accent": wrong})),
            ("POST", "/api/v1/instances", create("other", wrong.clone())),
        ] {
            let refused = world.operate(method, path, Some(body)).await;
            assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{method} {wrong}");
            assert_eq!(refused.blamed_fields(), ["accent"], "{method} {wrong}");
        }
    }
}

#[actix_web::test]
async fn locations_of_records_lie_below_their_issuer() {
    let world = World::bare();
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let answer = world.operate("POST", "/i/acme/api/v1/tenants", Some(json!({"name": "T"}))).await;
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let location = format!("{BASE_URL}/i/acme/api/v1/tenants/{id}");
    assert_eq!((answer.status, answer.header("location")), (201, Some(location.as_str())));
    let path = format!("/api/v1/tenants/{id}");
    assert_eq!(world.operate("GET", &path, None).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(world.operate("GET", &format!("/i/acme{path}"), None).await.status, 200);
}

#[actix_web::test]
async fn tenants_are_activated_suspended_and_closed() {
    let world = World::bare();
    let tenant = world.create("/api/v1/tenants", json!({"name": "Acme"})).await;
    assert_eq!((&tenant["state"], &tenant["app_limit"]), (&json!("pending_activation"), &json!(3)));
    let path = format!("/api/v1/tenants/{}", tenant["id"].as_str().unwrap());
    for (step, expected) in [
        ("suspend", Err(())),
        ("activate", Ok("active")),
        ("close", Err(())),
        ("suspend", Ok("suspended")),
        ("activate", Ok("active")),
        ("suspend", Ok("suspended")),
        ("close", Ok("closed")),
        ("activate", Err(())),
    ] {
        let answer = world.operate("POST", &format!("{path}/{step}"), None).await;
        match expected {
            Ok(state) => assert_eq!((answer.status, &answer.json()["state"]), (200, &json!(state))),
            Err(()) => assert_eq!(answer.problem(), (409, "tenant_state".to_owned()), "{step}"),
        }
    }
    let raised = world.operated("PATCH", &path, Some(json!({"app_limit": 9}))).await;
    assert_eq!((&raised["app_limit"], &raised["name"]), (&json!(9), &json!("Acme")));
    assert_eq!(world.operated("PATCH", &path, Some(json!({"app_limit": null}))).await["app_limit"], 3);
    let taken = world.operate("POST", "/api/v1/tenants", Some(json!({"name": "ACME"}))).await;
    assert_eq!(taken.problem(), (409, "name_taken".to_owned()));
}

#[actix_web::test]
async fn regions_take_apps_while_they_and_a_database_are_active() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let region = world.operated("GET", "/api/v1/regions", None).await["items"][0].clone();
    let path = format!("/api/v1/regions/{}", region["id"].as_str().unwrap());
    let database = world.operated("GET", &format!("{path}/databases"), None).await["items"][0].clone();
    let database_path = format!("{path}/databases/{}", database["id"].as_str().unwrap());
    let body = || Some(json!({"tenant_id": tenant_id, "name": "App", "region": region["id"]}));
    for (switched, code) in [(&path, "region_inactive"), (&database_path, "region_without_active_database")] {
        let off = world.operated("POST", &format!("{switched}/deactivate"), None).await;
        assert_eq!(off["state"], "inactive");
        assert_eq!(world.operate("POST", "/api/v1/apps", body()).await.problem(), (409, code.to_owned()));
        world.operated("POST", &format!("{switched}/activate"), None).await;
    }
    assert_eq!(world.operate("POST", "/api/v1/apps", body()).await.status, 201);
    let below = world.operate("PATCH", &database_path, Some(json!({"capacity": 0}))).await;
    assert_eq!(below.problem(), (409, "capacity_below_use".to_owned()));
    let full = world.operated("PATCH", &database_path, Some(json!({"capacity": 1}))).await;
    assert_eq!((&full["capacity"], &full["app_count"]), (&json!(1), &json!(1)));
    let another = Some(json!({"tenant_id": tenant_id, "name": "Another", "region": "eu-west"}));
    let answer = world.operate("POST", "/api/v1/apps", another).await;
    assert_eq!(answer.problem(), (409, "region_full".to_owned()));
    assert_eq!(world.operated("PATCH", &path, Some(json!({"name": "Europe"}))).await["name"], "Europe");
    let again = world.operate("POST", "/api/v1/regions", Some(json!({"code": "eu-west", "name": "X"}))).await;
    assert_eq!(again.problem(), (409, "code_taken".to_owned()));
    let other = world.create("/api/v1/regions", json!({"code": "us", "name": "US"})).await;
    let elsewhere = database_path.replace(region["id"].as_str().unwrap(), other["id"].as_str().unwrap());
    let answer = world.operate("POST", &format!("{elsewhere}/deactivate"), None).await;
    assert_eq!(answer.problem(), (404, "not_found".to_owned()), "a database is found below its region only");
}

#[actix_web::test]
async fn resources_and_scopes_decide_what_tokens_are_like() {
    let world = World::new().await;
    let body =
        json!({"audience": "urn:docs", "name": "Docs", "signing_alg": "EdDSA", "limits_claims": "limits"});
    let resource = world.create("/api/v1/resources", body.clone()).await;
    assert_eq!((&resource["signing_alg"], &resource["limits_claims"]), (&json!("EdDSA"), &json!("limits")));
    assert_eq!(
        world.operate("POST", "/api/v1/resources", Some(body)).await.problem(),
        (409, "audience_taken".to_owned())
    );
    let path = format!("/api/v1/resources/{}", resource["id"].as_str().unwrap());
    let patched =
        world.operated("PATCH", &path, Some(json!({"signing_alg": null, "name": "Documents"}))).await;
    assert_eq!((&patched["signing_alg"], &patched["name"]), (&json!("ES256"), &json!("Documents")));
    let bad = world.operate("PATCH", &path, Some(json!({"signing_alg": "none"}))).await;
    assert_eq!((bad.problem().0, bad.blamed_fields()), (422, vec!["signing_alg".to_owned()]));
    let scopes = format!("{path}/scopes");
    let scope = world.create(&scopes, json!({"name": "docs:read/all", "description": " All "})).await;
    assert_eq!((&scope["grant"], &scope["description"]), (&json!("any_app"), &json!("All")));
    let twice = world.operate("POST", &scopes, Some(json!({"name": "docs:read/all"}))).await;
    assert_eq!(twice.problem(), (409, "scope_taken".to_owned()));
    let protocol = world.operate("POST", &scopes, Some(json!({"name": "offline_access"}))).await;
    assert_eq!(protocol.problem(), (422, "scope_of_protocol".to_owned()));
    assert_eq!(protocol.blamed_fields(), ["name"]);
    assert_eq!(world.operate("DELETE", &format!("{scopes}/docs:read%2Fall"), None).await.status, 204);
    let gone = world.operate("DELETE", &format!("{scopes}/docs:read%2Fall"), None).await;
    assert_eq!(gone.problem(), (404, "not_found".to_owned()));
    assert_eq!(world.operated("GET", &scopes, None).await["items"], json!([]));
}

#[actix_web::test]
async fn users_are_created_disabled_and_enabled() {
    let world = World::bare();
    let body = json!({"kind": "system", "name": "Robot", "display_name": "A robot"});
    let user = world.create("/api/v1/users", body.clone()).await;
    assert_eq!((&user["name"], &user["state"]), (&json!("robot"), &json!("active")));
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    assert_eq!(world.operated("GET", &path, None).await, user);
    assert_eq!(world.operated("POST", &format!("{path}/disable"), None).await["state"], "disabled");
    assert_eq!(world.operated("POST", &format!("{path}/enable"), None).await["state"], "active");
    let again = world.operate("POST", "/api/v1/users", Some(body)).await;
    assert_eq!(again.problem(), (409, "name_taken".to_owned()));
    let list = world.operated("GET", "/api/v1/users", None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_e_mail_address_belongs_to_one_user() {
    let world = World::bare();
    let body = |name: &str, email: Value| json!({"kind": "internal", "name": name, "display_name": name, "email": email});
    let ada = world.create("/api/v1/users", body("ada", json!("Ada@example.com"))).await;
    assert_eq!(ada["email"], "Ada@example.com");
    let eve = world.create("/api/v1/users", body("eve", Value::Null)).await;
    assert_eq!(eve["email"], Value::Null);
    let path = format!("/api/v1/users/{}", eve["id"].as_str().unwrap());
    let same = json!({"email": "ada@EXAMPLE.com"});
    for answer in [
        world.operate("PATCH", &path, Some(same)).await,
        world.operate("POST", "/api/v1/users", Some(body("bob", json!("ada@example.com")))).await,
    ] {
        assert_eq!(answer.problem(), (409, "email_taken".to_owned()));
        assert_eq!(answer.blamed_fields(), ["email"]);
    }
    let malformed = world.operate("PATCH", &path, Some(json!({"email": "nobody"}))).await;
    assert_eq!((malformed.problem().0, malformed.blamed_fields()), (422, vec!["email".to_owned()]));
    let changed = world.operated("PATCH", &path, Some(json!({"email": "eve@example.com"}))).await;
    assert_eq!((&changed["email"], &changed["display_name"]), (&json!("eve@example.com"), &json!("eve")));
    let cleared = world.operated("PATCH", &path, Some(json!({"email": null}))).await;
    assert_eq!((&cleared["email"], &cleared["version"]), (&Value::Null, &json!(3)));
}

#[actix_web::test]
async fn other_methods_are_refused_with_what_is_allowed() {
    let world = World::bare();
    for (method, path, allowed) in [
        ("DELETE", "/api/v1/tenants", "GET, HEAD, POST"),
        ("PUT", "/api/v1/apps/x", "GET, HEAD, PATCH, DELETE"),
        ("GET", "/api/v1/apps/x/enable", "POST"),
        ("POST", "/api/v1/apps/x/plan", "PUT, DELETE"),
        ("TRACE", "/api/v1/plans", "GET, HEAD, POST"),
    ] {
        let answer = world.send(crate::world::requests::request(method, path)).await;
        assert_eq!(answer.problem(), (405, "method_not_allowed".to_owned()), "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allowed));
    }
}

#[actix_web::test]
async fn what_was_created_is_where_its_location_says() {
    let world = World::new().await;
    let estate = Estate::of_tenant(&world, "Acme").await;
    let tenant = estate.path("/tenants/{id}");
    world.operated("PATCH", &tenant, Some(json!({"app_limit": 10}))).await;
    let mut walked = 0;
    for (method, template, _, body) in OPERATIONS {
        let mut body: Option<serde_json::Value> =
            (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
        match *template {
            "/apps" => {
                body = Some(json!({"name": "New", "region": "eu-west", "tenant_id": estate.id("tenants")}));
            }
            "/tenants/{id}/invitations" => {
                body = Some(json!({"user_name": format!("guest-{walked}"), "role": "owner"}));
            }
            // Made below, by whom it invites.
            "/invitations/accept" => continue,
            // They take away what others need.
            "/tenants/{id}/close" => continue,
            _ => {}
        }
        if *method != "POST" {
            continue;
        }
        let made = world.operate("POST", &estate.path(template), body).await;
        let Some(location) = made.header("location") else {
            assert_ne!(made.status, 201, "{template} says where it is");
            continue;
        };
        assert_eq!(made.status, 201, "{template}");
        let path = location.strip_prefix(BASE_URL).unwrap();
        let found = world.operate("GET", path, None).await;
        assert_eq!(found.status, 200, "{template}: {path}");
        assert_eq!(found.header("etag"), made.header("etag"), "{template}");
        assert_eq!(world.operate("HEAD", path, None).await.status, 200, "{template}: {path}");
        walked += 1;
    }
    assert!(10 < walked, "{walked}");
    let path = estate.path("/regions/{id}/databases/{database_id}");
    assert_eq!(world.operate("GET", &path, None).await.json()["id"], estate.id("databases"));
    let elsewhere =
        estate.with("regions", Estate::absent().id("regions")).path("/regions/{id}/databases/{database_id}");
    assert_eq!(world.operate("GET", &elsewhere, None).await.problem().0, 404);
    let guest = person(&world, "guest").await;
    let invitation = json!({"user_name": "guest", "role": "auditor"});
    let invitation = world.create(&format!("{tenant}/invitations"), invitation).await;
    let body = Some(json!({"token": text(&invitation["token"])}));
    let token = token_of(&world, &guest, None).await;
    let accepted = world.call(&token, "POST", "/api/v1/invitations/accept", body).await;
    let path = accepted.header("location").unwrap().strip_prefix(BASE_URL).unwrap();
    assert_eq!(world.operate("GET", path, None).await.header("etag"), accepted.header("etag"));
}

#[actix_web::test]
async fn a_list_of_apps_tells_what_deserves_a_second_thought_about_their_settings() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let sign_in = json!({"sign_in": {"internal": true}, "basic_authentication": true});
    let app = world.app_with(&tenant, "App", sign_in).await;
    let single = world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await;
    assert!(!single["warnings"].as_array().unwrap().is_empty(), "{single}");
    let list = world.operated("GET", &format!("/api/v1/apps?tenant_id={tenant}"), None).await;
    assert_eq!(list["items"][0], single);
}
