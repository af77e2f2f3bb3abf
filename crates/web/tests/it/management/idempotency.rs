//! Requests that are sent again (`Idempotency-Key`).

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::people::{member, person, token_of};
use crate::world::requests::bearer;

async fn post(world: &World, token: &str, path: &str, key: &str, body: Option<Value>) -> Answer {
    let mut request =
        TestRequest::post().uri(path).insert_header(bearer(token)).insert_header(("Idempotency-Key", key));
    if let Some(body) = body {
        request = request.insert_header(("Content-Type", "application/json")).set_payload(body.to_string());
    }
    world.send(request).await
}

#[actix_web::test]
async fn the_same_request_is_carried_out_once_and_answered_the_same() {
    let world = World::new().await;
    let token = world.token(&world.operator).await;
    let body = json!({"name": "Acme"});
    let first = post(&world, &token, "/api/v1/tenants", "k1", Some(body.clone())).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, None));
    let again = post(&world, &token, "/api/v1/tenants", "k1", Some(body.clone())).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(again.body, first.body);
    for header in ["etag", "location", "content-type", "cache-control"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    let without = post(&world, &token, "/api/v1/tenants", "k2", Some(body)).await;
    assert_eq!(without.problem(), (409, "name_taken".to_owned()));
}

#[actix_web::test]
async fn a_repeated_answer_shows_no_secret_and_says_so() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let token = world.token(&world.operator).await;
    let body = json!({"tenant_id": tenant_id, "name": "App", "region": "eu-west"});
    let app = world.create("/api/v1/apps", body).await;
    let secrets = format!("/api/v1/apps/{}/secrets", app["id"].as_str().unwrap());
    let another = json!({"tenant_id": tenant_id, "name": "Another", "region": "eu-west"});
    for (key, path, body) in [
        ("create", "/api/v1/apps".to_owned(), Some(another)),
        ("add", secrets.clone(), Some(json!({"overlap_seconds": 60}))),
        ("regenerate", format!("{secrets}/regenerate"), None),
    ] {
        let first = post(&world, &token, &path, key, body.clone()).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let secret = first.json()["client_secret"].as_str().unwrap().to_owned();
        let again = post(&world, &token, &path, key, body).await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")));
        assert!(!again.text().contains(&secret), "{path}");
        let mut expected = first.json();
        expected.as_object_mut().unwrap().remove("client_secret");
        expected["client_secret_withheld"] = json!(true);
        assert_eq!(again.json(), expected);
    }
}

#[actix_web::test]
async fn a_key_is_good_for_one_request_of_one_caller() {
    let world = World::new().await;
    let token = world.token(&world.operator).await;
    let tenants = "/api/v1/tenants";
    let first = post(&world, &token, tenants, "k", Some(json!({"name": "Acme"}))).await;
    let tenant = first.json()["id"].as_str().unwrap().to_owned();
    for (path, body) in [
        (tenants.to_owned(), json!({"name": "Other"})),
        (format!("{tenants}/{tenant}/activate"), json!({})),
        ("/api/v1/users".to_owned(), json!({"name": "Acme"})),
    ] {
        let answer = post(&world, &token, &path, "k", Some(body)).await;
        assert_eq!(answer.problem(), (422, "idempotency_key_reused".to_owned()), "{path}");
        assert_eq!(answer.blamed_fields(), ["Idempotency-Key"]);
    }
    world.operated("POST", &format!("{tenants}/{tenant}/activate"), None).await;
    let manager = world.app_with(&tenant, "Manager", json!({"scopes": "turnkeep.manage"})).await;
    let manager = world.token(&manager).await;
    let body = json!({"name": "Mine", "region": "eu-west"});
    let own = post(&world, &manager, "/api/v1/apps", "k", Some(body)).await;
    assert_eq!((own.status, own.header("idempotency-replayed")), (201, None), "{}", own.text());
}

#[actix_web::test]
async fn a_refused_request_claims_no_key() {
    let world = World::new().await;
    let token = world.token(&world.operator).await;
    let refused = post(&world, &token, "/api/v1/tenants", "k", Some(json!({"name": ""}))).await;
    assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()));
    let good = post(&world, &token, "/api/v1/tenants", "k", Some(json!({"name": "Acme"}))).await;
    assert_eq!(good.status, 201, "{}", good.text());
}

#[actix_web::test]
async fn a_key_is_forgotten_after_a_day() {
    let world = World::new().await;
    let body = Some(json!({"name": "Acme"}));
    let token = world.token(&world.operator).await;
    assert_eq!(post(&world, &token, "/api/v1/tenants", "k", body.clone()).await.status, 201);
    world.advance(24 * 60 * 60 - 1);
    let token = world.token(&world.operator).await;
    assert_eq!(post(&world, &token, "/api/v1/tenants", "k", body.clone()).await.status, 201);
    world.advance(2);
    let answer = post(&world, &token, "/api/v1/tenants", "k", body).await;
    assert_eq!(answer.problem(), (409, "name_taken".to_owned()));
}

#[actix_web::test]
async fn malformed_keys_are_refused() {
    let world = World::new().await;
    let token = world.token(&world.operator).await;
    let longest = "x".repeat(255);
    assert_eq!(
        post(&world, &token, "/api/v1/tenants", &longest, Some(json!({"name": "A"}))).await.status,
        201
    );
    for key in ["", "a b", "\u{e9}", &"x".repeat(256)] {
        let answer = post(&world, &token, "/api/v1/tenants", key, Some(json!({"name": "B"}))).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{key}");
        assert_eq!(answer.blamed_fields(), ["Idempotency-Key"]);
    }
    let twice = TestRequest::post().uri("/api/v1/tenants").insert_header(bearer(&token));
    let twice = twice.append_header(("Idempotency-Key", "a")).append_header(("Idempotency-Key", "b"));
    assert_eq!(world.send(twice).await.problem(), (422, "invalid_fields".to_owned()));
}

#[actix_web::test]
async fn an_answer_is_repeated_only_for_those_who_may_still_do_what_they_did() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let (ann, token) = member(&world, &acme, "ann", "developer").await;
    let app = Some(json!({"name": "App", "region": "eu-west"}));
    let first = post(&world, &token, "/api/v1/apps", "k", app.clone()).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let membership = format!("/api/v1/tenants/{acme}/members/{ann}");
    world.operated("PUT", &membership, Some(json!({"role": "admin"}))).await;
    let again = post(&world, &token, "/api/v1/apps", "k", app.clone()).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")), "who may do more");
    world.operated("PUT", &membership, Some(json!({"role": "auditor"}))).await;
    let refused = post(&world, &token, "/api/v1/apps", "k", app.clone()).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    world.keep_books();
    let events = format!("/api/v1/audit-events?outcome=refused&code=forbidden&actor={ann}");
    assert_eq!(world.operated("GET", &events, None).await["items"][0]["action"], "request.repeat");
    world.operate("DELETE", &membership, None).await;
    let gone = post(&world, &token, "/api/v1/apps", "k", app.clone()).await;
    assert_eq!(gone.problem(), (401, "invalid_token".to_owned()));
    // In another tenant it is another request.
    let other = world.tenant("", "Other").await;
    let path = format!("/api/v1/tenants/{other}/members/{ann}");
    world.operated("PUT", &path, Some(json!({"role": "owner"}))).await;
    let token = token_of(&world, &ann, Some(&other)).await;
    let foreign = post(&world, &token, "/api/v1/apps", "k", app).await;
    assert_eq!(foreign.problem(), (422, "idempotency_key_reused".to_owned()));
}

#[actix_web::test]
async fn who_invited_an_owner_hears_of_it_again_only_as_an_owner() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let (ann, token) = member(&world, &acme, "ann", "owner").await;
    member(&world, &acme, "bob", "owner").await;
    let path = format!("/api/v1/tenants/{acme}/invitations");
    let invited = Some(json!({"user_name": "eve", "role": "owner"}));
    let first = post(&world, &token, &path, "k", invited.clone()).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let resend = format!("{path}/{}/resend", first.json()["id"].as_str().unwrap());
    assert_eq!(post(&world, &token, &resend, "r", None).await.status, 201);
    let membership = format!("/api/v1/tenants/{acme}/members/{ann}");
    world.operated("PUT", &membership, Some(json!({"role": "admin"}))).await;
    for (path, key, body) in [(&path, "k", invited), (&resend, "r", None)] {
        let again = post(&world, &token, path, key, body).await;
        assert_eq!(again.problem(), (403, "forbidden".to_owned()), "{path}");
    }
}

#[actix_web::test]
async fn an_operator_who_is_none_any_more_hears_no_answer_again() {
    let world = World::new().await;
    let ann = person(&world, "ann").await;
    let operator = format!("/api/v1/operators/{ann}");
    world.operate("PUT", &operator, None).await;
    let token = token_of(&world, &ann, None).await;
    let requests = [
        ("/api/v1/tenants", json!({"name": "Acme"})),
        ("/api/v1/users", json!({"kind": "internal", "name": "bob", "display_name": "Bob"})),
        ("/api/v1/instances", json!({"slug": "new", "name": "New"})),
        ("/api/v1/import", json!({"dry_run": true, "document": {"turnkeep": 1}})),
    ];
    for (path, body) in &requests {
        let first = post(&world, &token, path, path, Some(body.clone())).await;
        assert!([200, 201].contains(&first.status), "{path}: {}", first.text());
        let again = post(&world, &token, path, path, Some(body.clone())).await;
        assert_eq!(
            (again.header("idempotency-replayed"), &again.body),
            (Some("true"), &first.body),
            "{path}"
        );
    }
    assert_eq!(world.operate("DELETE", &operator, None).await.status, 204);
    for (path, body) in requests {
        let refused = post(&world, &token, path, path, Some(body)).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()), "{path}");
    }
}
