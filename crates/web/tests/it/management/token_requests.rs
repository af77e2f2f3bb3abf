//! Who asks for more tokens than it needs (seed 000 §1).

use serde_json::json;

use crate::world::World;

#[actix_web::test]
async fn the_report_names_apps_with_what_they_asked_for() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant, "=HYPERLINK(1)", json!({"scopes": "read write"})).await;
    for _ in 0..4 {
        assert_eq!(world.ask_token(&app, "").await.status, 200);
    }
    world.keep_books();
    let report = world.operated("GET", &format!("/api/v1/token-requests?tenant_id={tenant}"), None).await;
    let expected = json!([{
        "app_id": app.id, "tenant_id": tenant, "client_id": app.client_id, "name": "=HYPERLINK(1)",
        "issued": 4, "refused": 0, "would_refuse": 0, "tokens_per_lifetime": 1.0, "pattern": "reuses",
    }]);
    assert_eq!(report["apps"], expected);
    assert!(report["since"].as_str().unwrap().ends_with("Z"));
    let all = world.operated("GET", "/api/v1/token-requests?hours=1488&limit=1", None).await;
    assert_eq!(all["apps"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn queries_are_checked() {
    let world = World::bare();
    for (query, field) in [
        ("hours=0", "hours"),
        ("hours=1489", "hours"),
        ("hours=-1", "hours"),
        ("hours=x", "hours"),
        ("limit=101", "limit"),
        ("limit=0", "limit"),
    ] {
        let answer = world.operate("GET", &format!("/api/v1/token-requests?{query}"), None).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{query}");
        assert_eq!(answer.blamed_fields(), [field]);
    }
    let unknown = world.operate("GET", "/api/v1/token-requests?tenant_id=x", None).await;
    assert_eq!(unknown.problem(), (404, "not_found".to_owned()));
}
