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
async fn nonsense_in_the_query_is_refused() {
    let world = World::bare();
    for (query, status) in [
        ("limit=0", 422),
        ("limit=101", 422),
        ("limit=-1", 422),
        ("limit=x", 422),
        ("after=x", 422),
        ("after=app_00000000000000000000000000", 422),
        ("limit=1&limit=2", 400),
        ("after=%zz", 400),
    ] {
        let answer = world.operate("GET", &format!("/api/v1/tenants?{query}"), None).await;
        assert_eq!(answer.problem().0, status, "{query}");
    }
}
