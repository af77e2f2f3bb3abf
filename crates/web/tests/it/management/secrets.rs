//! Secrets of apps: shown once, replaced, overlapped, revoked.

use serde_json::json;

use crate::world::{TestApp, World};

#[actix_web::test]
async fn a_secret_is_shown_once() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}", app.id);
    for reading in
        [path.clone(), format!("{path}/secrets"), "/api/v1/apps".to_owned(), format!("{path}/explain")]
    {
        let answer = world.operate("GET", &reading, None).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains(&app.secret), "{reading}");
        assert!(!answer.text().contains("scrypt") && !answer.text().contains("digest"), "{reading}");
    }
    let list = world.operated("GET", &format!("{path}/secrets"), None).await;
    let secret = &list["items"][0];
    let hint = secret["hint"].as_str().unwrap();
    assert!(hint.len() == 4 && app.secret.ends_with(hint), "{hint}");
    assert_eq!((&secret["state"], &secret["revoked_at"]), (&json!("live"), &json!(null)));
}

#[actix_web::test]
async fn an_overlap_keeps_the_older_secret_for_a_while() {
    let world = World::new().await;
    let old = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/secrets", old.id);
    let added = world.create(&path, json!({"overlap_seconds": 3600})).await;
    let new = TestApp { secret: added["client_secret"].as_str().unwrap().to_owned(), ..old.clone() };
    assert_eq!(world.ask_token(&old, "").await.status, 200);
    assert_eq!(world.ask_token(&new, "").await.status, 200);
    let third = world.operate("POST", &path, Some(json!({"overlap_seconds": 3600}))).await;
    assert_eq!(third.problem(), (409, "too_many_live_secrets".to_owned()));
    world.advance(3600);
    assert_eq!(world.ask_token(&old, "").await.status, 401);
    assert_eq!(world.ask_token(&new, "").await.status, 200);
}

#[actix_web::test]
async fn an_overlap_is_bounded() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/secrets", app.id);
    for seconds in [json!(0), json!(59), json!(31 * 86_400), json!(-1), json!("60"), json!(1.5)] {
        let answer = world.operate("POST", &path, Some(json!({"overlap_seconds": seconds}))).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{seconds}");
        assert_eq!(answer.blamed_fields(), ["overlap_seconds"]);
    }
}

#[actix_web::test]
async fn a_revoked_secret_is_dead_at_once() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let list = world.operated("GET", &format!("/api/v1/apps/{}/secrets", app.id), None).await;
    let path = format!("/api/v1/apps/{}/secrets/{}", app.id, list["items"][0]["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(world.operate("DELETE", &path, None).await.status, 204);
    }
    let app_path = format!("/api/v1/apps/{}", app.id);
    assert_eq!(world.operated("GET", &app_path, None).await["version"], 2, "it was revoked once");
    let unknown = format!("{app_path}/secrets/sec_00000000000000000000000000");
    assert_eq!(world.operate("DELETE", &unknown, None).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    let explained = world.operated("GET", &format!("/api/v1/apps/{}/explain", app.id), None).await;
    assert_eq!((&explained["token_possible"], &explained["live_secrets"]), (&json!(false), &json!(0)));
}

#[actix_web::test]
async fn revoking_the_others_leaves_one() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/secrets", app.id);
    let added = world.operate("POST", &path, Some(json!({"overlap_seconds": 3600}))).await.json();
    let revoke = |id: &str| format!("{path}/{id}/revoke-others");
    let kept = added["id"].as_str().unwrap();
    let answer = world.operated("POST", &revoke(kept), None).await;
    assert_eq!(answer, json!({"revoked": 1}));
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    let new = TestApp { secret: added["client_secret"].as_str().unwrap().to_owned(), ..app };
    assert_eq!(world.ask_token(&new, "").await.status, 200);
    let list = world.operated("GET", &format!("{path}?sort=created_at"), None).await;
    let revoked = list["items"].as_array().unwrap().iter().find(|secret| secret["state"] == "revoked");
    let dead = world.operate("POST", &revoke(revoked.unwrap()["id"].as_str().unwrap()), None).await;
    assert_eq!(dead.problem(), (409, "secret_not_live".to_owned()));
}

#[actix_web::test]
async fn a_secret_says_that_its_end_is_near() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let record = world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await;
    let tenant = format!("/api/v1/tenants/{}", record["tenant_id"].as_str().unwrap());
    let path = format!("/api/v1/apps/{}/secrets", app.id);
    let changed = world.operated("PATCH", &tenant, Some(json!({"secret_max_age_days": 40}))).await;
    assert_eq!(changed["secret_max_age_days"], 40);
    let near =
        || async { world.operated("GET", &path, None).await["items"][0]["expires_within_days"].clone() };
    for (days, expected) in
        [(0, json!(null)), (10, json!(30)), (23, json!(7)), (6, json!(1)), (1, json!(null))]
    {
        world.advance(days * 86_400);
        assert_eq!(near().await, expected, "{days} days on");
    }
    let ended = world.operated("GET", &path, None).await;
    assert_eq!(ended["items"][0]["state"], "expired");
}
