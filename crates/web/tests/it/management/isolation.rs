//! Another tenant's records are as good as absent (attacks 5, 6, 69).

use actix_web::test::TestRequest;
use serde_json::json;

use crate::world::World;
use crate::world::requests::bearer;

#[actix_web::test]
async fn another_tenants_records_cannot_be_told_from_absent_ones() {
    let world = World::new().await;
    let (tenant_a, tenant_b) = (world.tenant("", "A").await, world.tenant("", "B").await);
    let manager = world.app_with(&tenant_a, "Same", json!({"scopes": "turnkeep.manage"})).await;
    let victim = world.app_with(&tenant_b, "Same", json!({})).await;
    let secrets = world.operated("GET", &format!("/api/v1/apps/{}/secrets", victim.id), None).await;
    let secret_id = secrets["items"][0]["id"].as_str().unwrap().to_owned();
    let token = world.token(&manager).await;
    let absent = "app_00000000000000000000000000";
    for (method, rest, body) in [
        ("GET", "", None),
        ("PATCH", "", Some(json!({"name": "Mine"}))),
        ("DELETE", "", None),
        ("POST", "/enable", None),
        ("POST", "/disable", None),
        ("GET", "/explain", None),
        ("GET", "/secrets", None),
        ("POST", "/secrets", Some(json!({"overlap_seconds": 60}))),
        ("POST", "/secrets/regenerate", None),
        ("DELETE", &format!("/secrets/{secret_id}"), None),
    ] {
        let mut answers = Vec::new();
        for id in [victim.id.as_str(), absent, "nonsense"] {
            let answer = world.call(&token, method, &format!("/api/v1/apps/{id}{rest}"), body.clone()).await;
            assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{method} {id}{rest}");
            let mut problem = answer.json();
            problem.as_object_mut().unwrap().remove("instance");
            answers.push(problem);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{method} {rest}");
    }
    assert_eq!(world.ask_token(&victim, "").await.status, 200, "nothing happened to it");
    // A secret of the victim below an app of one's own is absent too.
    let own = format!("/api/v1/apps/{}/secrets/{secret_id}", manager.id);
    assert_eq!(world.call(&token, "DELETE", &own, None).await.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn lists_and_creations_stay_in_the_callers_tenant() {
    let world = World::new().await;
    let (tenant_a, tenant_b) = (world.tenant("", "A").await, world.tenant("", "B").await);
    let manager = world.app_with(&tenant_a, "Manager", json!({"scopes": "turnkeep.manage"})).await;
    world.app_with(&tenant_b, "Victim", json!({})).await;
    let token = world.token(&manager).await;
    let request = TestRequest::get()
        .uri("/api/v1/apps")
        .insert_header(bearer(&token))
        .insert_header(("X-Tenant", tenant_b.as_str()))
        .insert_header(("Host", "b.id.example.com"));
    let list = world.send(request).await.json();
    let names: Vec<_> = list["items"].as_array().unwrap().iter().map(|app| app["name"].clone()).collect();
    assert_eq!(names, [json!("Manager")]);
    for path in [
        format!("/api/v1/apps?tenant_id={tenant_b}"),
        "/api/v1/apps?tenant_id=ten_00000000000000000000000000".to_owned(),
        "/api/v1/apps?tenant_id=nonsense".to_owned(),
        format!("/api/v1/tenants/{tenant_b}"),
        "/api/v1/tenants/ten_00000000000000000000000000".to_owned(),
    ] {
        let answer = world.call(&token, "GET", &path, None).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
    let tenants = world.call(&token, "GET", "/api/v1/tenants", None).await.json();
    assert_eq!(tenants["items"].as_array().unwrap().len(), 1);
    let intruder = json!({"tenant_id": tenant_b, "name": "Intruder", "region": "eu-west"});
    let answer = world.call(&token, "POST", "/api/v1/apps", Some(intruder)).await;
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
    let victims = world.operated("GET", &format!("/api/v1/apps?tenant_id={tenant_b}"), None).await;
    assert_eq!(victims["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_cursor_leads_somewhere_only_where_it_was_given_out() {
    let world = World::new().await;
    let (tenant_b, tenant_a) = (world.tenant("", "B").await, world.tenant("", "A").await);
    world.app_with(&tenant_b, "Victim", json!({})).await;
    let manager = world.app_with(&tenant_a, "Manager", json!({"scopes": "turnkeep.manage"})).await;
    world.app_with(&tenant_a, "Second", json!({})).await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let operator = world.token(&world.operator).await;
    let manager = world.token(&manager).await;
    let first = world.call(&operator, "GET", "/api/v1/apps?limit=1&sort=name", None).await.json();
    let cursor = first["next"].as_str().unwrap().to_owned();
    let altered = format!("{}A", &cursor[..cursor.len() - 1]);
    let with = |query: &str| format!("/api/v1/apps?{query}&after={cursor}");
    assert_eq!(world.call(&operator, "GET", &with("limit=2&sort=name"), None).await.status, 200);
    for (token, path) in [
        (&manager, with("limit=1&sort=name")),
        (&operator, with("limit=1")),
        (&operator, with("limit=1&sort=-name")),
        (&operator, with("limit=1&sort=name&state=enabled")),
        (&operator, with(&format!("limit=1&sort=name&tenant_id={tenant_b}"))),
        (&operator, with("limit=1&sort=name").replace("/api", "/i/acme/api")),
        (&operator, with("limit=1&sort=name").replace("/apps", "/tenants")),
        (&operator, format!("/api/v1/apps?sort=name&after={altered}")),
        (&operator, "/api/v1/apps?after=app_00000000000000000000000000".to_owned()),
        (&operator, "/api/v1/apps?after=%00".to_owned()),
        (&operator, "/api/v1/apps?after=".to_owned()),
    ] {
        let answer = world.call(token, "GET", &path, None).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
}
