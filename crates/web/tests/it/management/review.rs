//! The periodic review over HTTP (seed 002).

use serde_json::{Value, json};

use crate::world::World;

#[actix_web::test]
async fn the_review_shows_each_app_with_what_deserves_a_look() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant, "=HYPERLINK(1)", json!({"scopes": "read write"})).await;
    world.advance(3 * 86_400);
    let page = world.operated("GET", &format!("/api/v1/review?tenant_id={tenant}"), None).await;
    let [reviewed] = &page["items"].as_array().unwrap()[..] else { panic!("{page}") };
    assert_eq!(reviewed["app_id"], json!(app.id));
    assert_eq!(reviewed["name"], "=HYPERLINK(1)", "text is data, also here");
    assert_eq!(reviewed["tenant_name"], "Acme");
    assert_eq!(reviewed["owners"], json!([]));
    assert_eq!(reviewed["scopes"], "read write");
    assert_eq!(reviewed["oldest_secret_days"], 3);
    assert_eq!(reviewed["last_used_at"], Value::Null);
    assert!(reviewed["findings"].as_array().unwrap().contains(&json!("no_owner")));
    assert!(reviewed["warnings"].as_array().unwrap().contains(&json!("scope_wider_than_read")));
    assert!(!page.to_string().contains(&app.secret));
}

#[actix_web::test]
async fn the_review_is_filtered_by_finding_and_paged() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let limit = json!({"app_limit": 9});
    world.operated("PATCH", &format!("/api/v1/tenants/{tenant}"), Some(limit)).await;
    for number in 0..5 {
        world.app_with(&tenant, &format!("App {number}"), json!({"scopes": "read"})).await;
    }
    let (mut seen, mut after) = (0, String::new());
    loop {
        let path = format!("/api/v1/review?tenant_id={tenant}&finding=no_owner&limit=2{after}");
        let page = world.operated("GET", &path, None).await;
        seen += page["items"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, 5);
    let none =
        world.operated("GET", &format!("/api/v1/review?tenant_id={tenant}&finding=secret_old"), None).await;
    assert_eq!((&none["items"], &none["next"]), (&json!([]), &Value::Null));
    let answer = world.operate("GET", "/api/v1/review?finding=nonsense", None).await;
    assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()));
}

#[actix_web::test]
async fn the_review_comes_in_the_order_that_is_asked_for() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let limit = json!({"app_limit": 9});
    world.operated("PATCH", &format!("/api/v1/tenants/{tenant}"), Some(limit)).await;
    for name in ["b", "C", "a", "D"] {
        world.app_with(&tenant, name, json!({"scopes": "read"})).await;
        // Ids of one millisecond are in no certain order.
        world.advance(1);
    }
    for (sort, expected) in [
        ("", ["b", "C", "a", "D"]),
        ("&sort=created_at", ["b", "C", "a", "D"]),
        ("&sort=-created_at", ["D", "a", "C", "b"]),
        ("&sort=name", ["a", "b", "C", "D"]),
        ("&sort=-name", ["D", "C", "b", "a"]),
    ] {
        for finding in ["", "&finding=no_owner"] {
            let list = format!("/api/v1/review?tenant_id={tenant}&limit=3{sort}{finding}");
            let first = world.operated("GET", &list, None).await;
            let next = first["next"].as_str().unwrap();
            let second = world.operated("GET", &format!("{list}&after={next}"), None).await;
            assert_eq!(second["next"], Value::Null, "{list}");
            let pages = [first["items"].as_array().unwrap(), second["items"].as_array().unwrap()];
            let names: Vec<_> = pages.into_iter().flatten().map(|app| app["name"].clone()).collect();
            assert_eq!(names, expected, "{list}");
        }
    }
}
