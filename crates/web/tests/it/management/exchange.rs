//! Import and export over the wire.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::people::member;
use crate::world::requests::bearer;

const IMPORT: &str = "/api/v1/import";
const EXPORT: &str = "/api/v1/export";

/// SHA-256 of `abc`.
const HASH: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn users(count: usize) -> Value {
    let users: Vec<Value> = (0..count)
        .map(|n| json!({"name": format!("user-{n}"), "kind": "internal", "display_name": "A name"}))
        .collect();
    json!({"turnkeep": 1, "users": users})
}

fn app(client_id: &str) -> Value {
    json!({
        "client_id": client_id, "name": client_id, "client_type": "confidential",
        "service_access": {"as": "app"}, "scopes": "read", "secrets": [{"hash": HASH}],
    })
}

async fn keyed(world: &World, key: &str, body: &Value) -> Answer {
    let token = world.token(&world.operator).await;
    let request = TestRequest::post()
        .uri(IMPORT)
        .insert_header(bearer(&token))
        .insert_header(("Idempotency-Key", key))
        .insert_header(("Content-Type", "application/json"))
        .set_payload(body.to_string());
    world.send(request).await
}

#[actix_web::test]
async fn a_document_is_tried_then_imported_then_there() {
    let world = World::new().await;
    world.tenant("", "Acme").await;
    let document = json!({"turnkeep": 1, "apps": [app("com.old/a"), app("com.old/b")]});
    let body = |dry_run: bool| json!({"dry_run": dry_run, "tenant": "Acme", "region": "eu-west", "document": document});
    let tried = world.operated("POST", IMPORT, Some(body(true))).await;
    assert_eq!((&tried["applied"], &tried["created"]), (&json!(false), &json!(2)));
    assert_eq!(world.operated("GET", "/api/v1/apps?client_id=com.old/a", None).await["items"], json!([]));
    let done = world.operated("POST", IMPORT, Some(body(false))).await;
    assert_eq!((&done["applied"], &done["created"], &done["refused"]), (&json!(true), &json!(2), &json!(0)));
    let first = &done["records"][0];
    assert_eq!(
        (&first["kind"], &first["key"], &first["outcome"]),
        (&json!("app"), &json!("com.old/a"), &json!("created"))
    );
    let name = json!({"attribute": "name", "before": null, "after": "com.old/a"});
    assert!(first["changes"].as_array().unwrap().contains(&name));
    let again = world.operated("POST", IMPORT, Some(body(false))).await;
    assert_eq!((&again["unchanged"], &again["created"]), (&json!(2), &json!(0)));
    let form = "grant_type=client_credentials&client_id=com.old/a&client_secret=abc";
    let token = world.send(crate::world::requests::form("/connect/token", form)).await;
    assert_eq!(token.status, 200, "{}", token.text());
    let exported = world.operated("GET", EXPORT, None).await;
    assert_eq!(exported["apps"][0]["client_id"], "com.old/a");
    assert!(!exported.to_string().contains("sha256:") && !exported.to_string().contains("$scrypt$"));
    let hashes = world.operated("GET", "/api/v1/export?include_hashes=true", None).await;
    assert!(hashes["apps"][0]["secrets"][0]["hash"].as_str().unwrap().starts_with("$scrypt$"));
    assert_eq!(hashes["apps"][1]["secrets"][0]["hash"], HASH);
    let events = world.operated("GET", "/api/v1/audit-events?action=export.hashes", None).await;
    assert_eq!(events["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn refused_records_are_answered_and_nothing_is_done_unless_the_others_are_wanted() {
    let world = World::new().await;
    world.tenant("", "Acme").await;
    let mut without_secret = app("com.old/b");
    without_secret.as_object_mut().unwrap().remove("secrets");
    let document = json!({"turnkeep": 1, "apps": [app("com.old/a"), without_secret]});
    for (on_refusal, applied) in [("import_nothing", false), ("skip_record", true)] {
        let body =
            json!({"on_refusal": on_refusal, "tenant": "Acme", "region": "eu-west", "document": document});
        let report = world.operated("POST", IMPORT, Some(body)).await;
        assert_eq!((&report["applied"], &report["refused"]), (&json!(applied), &json!(1)));
        let error = &report["records"][1]["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("secrets"), &json!("no_secret")));
        let found = world.operated("GET", "/api/v1/apps?client_id=com.old/a", None).await;
        assert_eq!(found["items"].as_array().unwrap().len(), usize::from(applied));
    }
}

#[actix_web::test]
async fn a_request_that_is_no_import_is_refused_by_its_fields() {
    let world = World::new().await;
    for (body, code, field) in [
        (json!({}), "invalid_fields", "document"),
        (json!({"document": {"turnkeep": 1}, "format": "csv"}), "invalid_fields", "format"),
        (json!({"document": {"turnkeep": 1}, "on_refusal": "panic"}), "invalid_fields", "on_refusal"),
        (json!({"document": {"turnkeep": 1}, "dry_run": "yes"}), "invalid_fields", "dry_run"),
        (json!({"document": {}}), "import_unreadable", "document"),
        (json!({"document": "text"}), "import_unreadable", "document"),
        (json!({"document": {"turnkeep": 2}}), "import_unreadable", "document"),
        (json!({"document": {"turnkeep": 1, "secrets": []}}), "import_unreadable", "document"),
        (json!({"document": users(2_001)}), "import_too_large", "document"),
    ] {
        let answer = world.operate("POST", IMPORT, Some(body.clone())).await;
        assert_eq!(answer.problem(), (422, code.to_owned()), "{:.99}", body.to_string());
        assert_eq!(answer.blamed_fields(), [field]);
    }
    for query in ["include_hashes=1", "hashes=true"] {
        let answer = world.operate("GET", &format!("{EXPORT}?{query}"), None).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{query}");
    }
}

#[actix_web::test]
async fn a_long_body_is_for_operators_and_has_its_limit() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let long = |bytes: usize| json!({"document": {"turnkeep": 1}, "tenant": "x".repeat(bytes)});
    let taken = world.operate("POST", IMPORT, Some(long(8_000_000))).await;
    assert_eq!(taken.status, 200, "{}", taken.text());
    let refused = world.operate("POST", IMPORT, Some(long(8 << 20))).await;
    assert_eq!(refused.problem(), (413, "body_too_large".to_owned()));
    let elsewhere = world.operate("POST", "/api/v1/tenants", Some(long(300_000))).await;
    assert_eq!(elsewhere.problem(), (413, "body_too_large".to_owned()));
    let (_, owner) = member(&world, &tenant, "ada", "owner").await;
    let other = world.call(&owner, "POST", IMPORT, Some(long(300_000))).await;
    assert_eq!(other.problem(), (413, "body_too_large".to_owned()));
    let short = world.call(&owner, "POST", IMPORT, Some(long(1))).await;
    assert_eq!(short.problem(), (403, "forbidden".to_owned()));
}

#[actix_web::test]
async fn members_export_their_tenant_without_hashes() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let other = world.tenant("", "Other").await;
    world.app_with(&tenant, "Mine", json!({})).await;
    world.app_with(&other, "Theirs", json!({})).await;
    let (_, auditor) = member(&world, &tenant, "ada", "auditor").await;
    let exported = world.call(&auditor, "GET", EXPORT, None).await;
    assert_eq!(exported.status, 200);
    assert!(exported.text().contains("Mine") && !exported.text().contains("Theirs"));
    let hashes = world.call(&auditor, "GET", &format!("{EXPORT}?include_hashes=true"), None).await;
    assert_eq!(hashes.problem(), (403, "forbidden".to_owned()));
    let theirs = world.call(&auditor, "GET", &format!("{EXPORT}?tenant_id={other}"), None).await;
    assert_eq!(theirs.status, 404);
    let one = world.operated("GET", &format!("{EXPORT}?tenant_id={other}"), None).await;
    assert_eq!(one["apps"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_import_that_is_sent_again_is_answered_again() {
    let world = World::new().await;
    let body = json!({"document": users(3)});
    let first = keyed(&world, "k1", &body).await;
    let again = keyed(&world, "k1", &body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
    assert_eq!((&again.body, &first.json()["created"]), (&first.body, &json!(3)));
    let many = json!({"document": users(1_500)});
    let first = keyed(&world, "k2", &many).await.json();
    assert!(256 * 1024 < first.to_string().len());
    let again = keyed(&world, "k2", &many).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let again = again.json();
    assert_eq!((&again["changes_shown"], &again["created"]), (&json!(false), &first["created"]));
    assert_eq!(again["records"][7]["changes"], json!([]));
    let dry = json!({"dry_run": true, "document": users(5)});
    assert_eq!(keyed(&world, "k3", &dry).await.json()["created"], 0);
    let reused = keyed(&world, "k3", &body).await;
    assert_eq!(reused.problem(), (422, "idempotency_key_reused".to_owned()));
}
