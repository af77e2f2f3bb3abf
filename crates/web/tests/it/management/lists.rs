//! Pages of lists.

use serde_json::json;

use crate::world::World;

#[actix_web::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let world = World::bare();
    let before = world.operated("GET", "/api/v1/tenants?limit=100", None).await;
    let mut expected: Vec<String> = before["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    for number in 0..7 {
        let tenant = world.create("/api/v1/tenants", json!({"name": format!("Tenant {number}")})).await;
        expected.push(tenant["id"].as_str().unwrap().to_owned());
    }
    expected.sort();
    let (mut seen, mut path) = (Vec::new(), "/api/v1/tenants?limit=4".to_owned());
    loop {
        let page = world.operated("GET", &path, None).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 4);
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/tenants?limit=4&after={next}");
    }
    assert_eq!(seen, expected);
}

#[actix_web::test]
async fn the_last_page_says_so_even_when_it_is_full() {
    let world = World::bare();
    let all = world.operated("GET", "/api/v1/tenants", None).await["items"].as_array().unwrap().len();
    let page = world.operated("GET", &format!("/api/v1/tenants?limit={all}"), None).await;
    assert_eq!(page["next"], json!(null));
}

#[actix_web::test]
async fn nonsense_in_the_query_is_refused_by_name() {
    let world = World::bare();
    for (query, blamed) in [
        ("limit=0", vec!["limit"]),
        ("limit=101", vec!["limit"]),
        ("limit=-1", vec!["limit"]),
        ("limit=x", vec!["limit"]),
        ("limit=", vec!["limit"]),
        ("limit=1&limit=2", vec!["limit"]),
        ("sort=id", vec!["sort"]),
        ("sort=", vec!["sort"]),
        ("state=nonsense", vec!["state"]),
        ("search=", vec!["search"]),
        ("search=a%00", vec!["search"]),
        ("Limit=1&nam=x", vec!["Limit", "nam"]),
        ("a%0d%0aSet-Cookie:%20x=1", vec![r"a\r\nSet-Cookie: x"]),
    ] {
        let answer = world.operate("GET", &format!("/api/v1/tenants?{query}"), None).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{query}");
        assert_eq!(answer.blamed_fields(), blamed, "{query}");
        assert!(!answer.text().contains("nonsense"), "what was sent is not echoed");
    }
    let many = (0..65).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    for query in ["after=%zz", "limit=%ff", &many] {
        let answer = world.operate("GET", &format!("/api/v1/tenants?{query}"), None).await;
        assert_eq!(answer.problem(), (400, "malformed_request".to_owned()), "{query}");
    }
}

#[actix_web::test]
async fn endpoints_without_parameters_take_none() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for (method, path) in [
        ("GET", format!("/api/v1/apps/{}?tenant_id=x", app.id)),
        ("POST", format!("/api/v1/apps/{}/disable?force=true", app.id)),
        ("DELETE", format!("/api/v1/apps/{}?limit=1", app.id)),
    ] {
        let answer = world.operate(method, &path, None).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{path}");
    }
    assert_eq!(world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await["enabled"], true);
}

/// One member of every record of a list that is read page by page.
async fn pages(world: &World, list: &str, member: &str) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.operated("GET", &format!("{list}&limit=2{after}"), None).await;
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()), "{page}");
        seen.extend(items.iter().map(|item| item[member].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { return seen };
        after = format!("&after={next}");
    }
}

#[actix_web::test]
async fn every_list_comes_by_pages_in_every_order() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let resource = world.create("/api/v1/resources", json!({"audience": "a2", "name": "A"})).await;
    let resource = format!("/api/v1/resources/{}", resource["id"].as_str().unwrap());
    let region = world.operated("GET", "/api/v1/regions", None).await["items"][0]["id"].clone();
    let region = format!("/api/v1/regions/{}", region.as_str().unwrap());
    for name in ["c", "a", "e", "b"] {
        world.create("/api/v1/tenants", json!({"name": name})).await;
        world.create("/api/v1/plans", json!({"code": name, "name": name})).await;
        world.create("/api/v1/regions", json!({"code": name, "name": name})).await;
        world.create("/api/v1/resources", json!({"audience": name, "name": name})).await;
        world.create("/api/v1/instances", json!({"slug": name, "name": name})).await;
        let user = json!({"kind": "internal", "name": name, "display_name": name});
        world.create("/api/v1/users", user).await;
        world.create(&format!("{region}/databases"), json!({"db_code": name, "capacity": 1})).await;
        world.create(&format!("{resource}/scopes"), json!({"name": format!("s.{name}")})).await;
        let regenerate = format!("/api/v1/apps/{}/secrets/regenerate", app.id);
        assert_eq!(world.operate("POST", &regenerate, None).await.status, 201);
    }
    for (list, member) in [
        ("/api/v1/tenants".to_owned(), "name"),
        ("/api/v1/plans".to_owned(), "code"),
        ("/api/v1/regions".to_owned(), "code"),
        ("/api/v1/resources".to_owned(), "audience"),
        ("/api/v1/instances".to_owned(), "slug"),
        ("/api/v1/users".to_owned(), "name"),
        (format!("{region}/databases"), "db_code"),
        (format!("{resource}/scopes"), "name"),
    ] {
        let by_name = pages(&world, &format!("{list}?sort=name"), member).await;
        assert!(4 <= by_name.len(), "{list}");
        // Names of people's making are compared without regard to case.
        let folds = ["name", "slug"].contains(&member);
        let key = |name: &String| if folds { name.to_lowercase() } else { name.clone() };
        assert!(by_name.is_sorted_by_key(key), "{list}: {by_name:?}");
        let mut backwards = pages(&world, &format!("{list}?sort=-name"), member).await;
        backwards.reverse();
        assert_eq!(backwards, by_name, "{list}");
        if list.ends_with("/scopes") {
            continue;
        }
        let created = pages(&world, &format!("{list}?sort=created_at"), "id").await;
        assert!(created.is_sorted(), "{list}: {created:?}");
        assert_eq!(created.len(), by_name.len(), "{list}");
        let mut newest = pages(&world, &format!("{list}?sort=-created_at"), "id").await;
        newest.reverse();
        assert_eq!(newest, created, "{list}");
    }
    let secrets = format!("/api/v1/apps/{}/secrets", app.id);
    let newest = pages(&world, &format!("{secrets}?sort=-created_at"), "id").await;
    assert_eq!(newest.len(), 5);
    assert!(newest.iter().rev().is_sorted());
}

#[actix_web::test]
async fn filters_show_what_matches_and_nothing_else() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let limit = json!({"app_limit": 10});
    world.operated("PATCH", &format!("/api/v1/tenants/{tenant_id}"), Some(limit)).await;
    let sample = world.app_with(&tenant_id, "Invoices 100%", json!({"scopes": "read write"})).await;
    let public = json!({"client_type": "public", "client_id": "com.vendor/app"});
    world.app_with(&tenant_id, "Mobile", public).await;
    let legacy = json!({"basic_authentication": true, "reference_tokens": "administrators_only"});
    world.app_with(&tenant_id, "Legacy", legacy).await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", sample.id), None).await;
    let platform = world.operated("GET", "/api/v1/apps?scope=turnkeep.operate", None).await;
    assert_eq!(platform["items"].as_array().unwrap().len(), 1);
    for (query, expected) in [
        ("search=inVOIces", vec!["Invoices 100%"]),
        ("search=100%25", vec!["Invoices 100%"]),
        ("search=_", vec![]),
        ("search=%25e%25", vec![]),
        ("client_id=com.vendor/app", vec!["Mobile"]),
        ("client_id=com.vendor/ap", vec![]),
        ("state=disabled", vec!["Invoices 100%"]),
        ("client_type=public", vec!["Mobile"]),
        ("scope=write", vec!["Invoices 100%"]),
        ("scope=writ", vec![]),
        ("reference_tokens=administrators_only", vec!["Legacy"]),
        ("basic_authentication=true", vec!["Legacy"]),
        ("region=eu-west&state=enabled", vec!["Legacy", "Mobile"]),
        ("plan_id=pln_00000000000000000000000000", vec![]),
        ("system_user_id=usr_00000000000000000000000000", vec![]),
    ] {
        let path = format!("/api/v1/apps?tenant_id={tenant_id}&sort=name&{query}");
        let list = world.operated("GET", &path, None).await;
        let names: Vec<_> = list["items"].as_array().unwrap().iter().map(|app| app["name"].clone()).collect();
        assert_eq!(names, expected, "{query}");
    }
    for query in ["plan_id=x", "region=No+Region", "scope=a%22b", "client_id=a%20b", "system_user_id=app_1"] {
        let answer = world.operate("GET", &format!("/api/v1/apps?{query}"), None).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{query}");
    }
}
