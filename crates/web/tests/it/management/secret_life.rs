//! The life of a secret as its owner sees it: when it was made, was last used, and ends.

use serde_json::{Value, json};

use crate::world::{TestApp, World};

const DAY: u64 = 86_400;

async fn tenant_of(world: &World, app: &TestApp) -> String {
    let record = world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await;
    format!("/api/v1/tenants/{}", record["tenant_id"].as_str().unwrap())
}

async fn limit_age(world: &World, app: &TestApp, days: Value) -> Value {
    let body = Some(json!({"secret_max_age_days": days}));
    world.operated("PATCH", &tenant_of(world, app).await, body).await["secret_max_age_days"].clone()
}

async fn secrets(world: &World, app: &TestApp) -> Value {
    world.operated("GET", &format!("/api/v1/apps/{}/secrets", app.id), None).await["items"].take()
}

#[actix_web::test]
async fn a_secret_tells_when_it_was_made_last_used_and_ends() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let unused = secrets(&world, &app).await[0].clone();
    assert_eq!(unused["created_at"], "2026-01-01T00:00:00Z");
    for member in ["last_used_at", "expires_at", "expires_within_days", "revoked_at"] {
        assert_eq!(unused[member], json!(null), "{member}");
    }
    world.advance(DAY);
    world.token(&app).await;
    world.keep_books();
    assert_eq!(secrets(&world, &app).await[0]["last_used_at"], "2026-01-02T00:00:00Z");
    let path = format!("/api/v1/apps/{}/secrets", app.id);
    let added = world.create(&path, json!({"overlap_seconds": 3600})).await;
    let listed = secrets(&world, &app).await;
    let of = |id: &Value| listed.as_array().unwrap().iter().find(|secret| secret["id"] == *id).unwrap();
    assert_eq!(of(&unused["id"])["expires_at"], "2026-01-02T01:00:00Z", "the overlap ends it");
    assert_eq!(of(&added["id"])["expires_at"], json!(null));
}

#[actix_web::test]
async fn a_regenerated_secret_is_the_only_one_that_counts() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/secrets", app.id);
    world.create(&path, json!({"overlap_seconds": 3600})).await;
    let new = world.operate("POST", &format!("{path}/regenerate"), None).await.json();
    let listed = secrets(&world, &app).await;
    let live = listed.as_array().unwrap().iter().filter(|secret| secret["state"] == "live");
    assert_eq!(live.map(|secret| &secret["id"]).collect::<Vec<_>>(), [&new["id"]]);
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    let shown = TestApp { secret: new["client_secret"].as_str().unwrap().to_owned(), ..app };
    assert_eq!(world.ask_token(&shown, "").await.status, 200);
}

#[actix_web::test]
async fn a_maximum_age_has_bounds_and_can_be_taken_back() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let tenant = tenant_of(&world, &app).await;
    for days in [json!(0), json!(3651), json!(-1), json!(1.5), json!("30")] {
        let refused = world.operate("PATCH", &tenant, Some(json!({"secret_max_age_days": days}))).await;
        assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{days}");
        assert_eq!(refused.blamed_fields(), ["secret_max_age_days"], "{days}");
    }
    for days in [json!(1), json!(3650), json!(null)] {
        assert_eq!(limit_age(&world, &app, days.clone()).await, days);
    }
}

#[actix_web::test]
async fn a_maximum_age_ends_secrets_and_the_app_warns_of_it() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    limit_age(&world, &app, json!(60)).await;
    let warns = async || {
        let record = world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await;
        let warnings = record["warnings"].as_array().unwrap().clone();
        warnings.iter().any(|warning| *warning == "secret_expires_soon")
    };
    assert_eq!(secrets(&world, &app).await[0]["expires_at"], "2026-03-02T00:00:00Z");
    assert!(!warns().await);
    world.advance(30 * DAY);
    assert!(warns().await);
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    world.advance(30 * DAY);
    assert_eq!(world.ask_token(&app, "").await.status, 401);
    assert_eq!(secrets(&world, &app).await[0]["state"], "expired");
}
