//! Filters of lists: what each lets through, and that no list is without.

use serde_json::{Value, json};

use crate::attacks::estate::Estate;
use crate::world::World;
use crate::world::description::{document, resolve};
use crate::world::people::{member, person, text};

/// What is asked of a list, and the records that are expected.
type Cases<'a> = &'a [(&'a str, &'a [&'a str])];

/// Asks a list for each case by name, and compares a member of the records.
async fn check(world: &World, list: &str, shown: &str, cases: Cases<'_>) {
    for (query, expected) in cases {
        let page = world.operated("GET", &format!("{list}?sort=name&{query}"), None).await;
        assert_eq!(members(&page, shown), *expected, "{list}?{query}");
    }
}

fn members(page: &Value, name: &str) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| text(&item[name])).collect()
}

#[actix_web::test]
async fn instances_are_filtered() {
    let world = World::bare();
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Ümlaut 100%"})).await;
    let other = world.create("/api/v1/instances", json!({"slug": "beta-1", "name": "Other"})).await;
    let disable = format!("/api/v1/instances/{}/disable", text(&other["id"]));
    world.operated("POST", &disable, None).await;
    let cases: Cases<'_> = &[
        ("search=ACM", &["acme"]),
        ("search=%C3%BCMLAUT", &["acme"]),
        ("search=0%25", &["acme"]),
        ("search=-", &["beta-1"]),
        ("search=_", &[]),
        ("state=active", &["acme", "default"]),
        ("state=disabled", &["beta-1"]),
        ("search=e&state=disabled", &["beta-1"]),
        ("search=acme&state=disabled", &[]),
    ];
    check(&world, "/api/v1/instances", "slug", cases).await;
}

#[actix_web::test]
async fn operators_are_filtered() {
    let world = World::bare();
    for name in ["Ann%1", "bob_2", "cyd"] {
        let user_id = person(&world, name).await;
        world.operated("PUT", &format!("/api/v1/operators/{user_id}"), None).await;
        if name == "cyd" {
            world.operated("POST", &format!("/api/v1/users/{user_id}/disable"), None).await;
        }
    }
    let cases: Cases<'_> = &[
        ("search=aNN", &["ann%1"]),
        ("search=%25", &["ann%1"]),
        ("search=_", &["bob_2"]),
        ("search=x", &[]),
        ("user_state=active", &["ann%1", "bob_2"]),
        ("user_state=disabled", &["cyd"]),
        ("search=b&user_state=disabled", &[]),
    ];
    check(&world, "/api/v1/operators", "user_name", cases).await;
}

#[actix_web::test]
async fn regions_and_their_databases_are_filtered() {
    let world = World::new().await;
    let region = world.create("/api/v1/regions", json!({"code": "us-east", "name": "America 100%"})).await;
    let region = format!("/api/v1/regions/{}", text(&region["id"]));
    world.operated("POST", &format!("{region}/deactivate"), None).await;
    let cases: Cases<'_> = &[
        ("search=EAST", &["us-east"]),
        ("search=america+1", &["us-east"]),
        ("search=west", &["eu-west"]),
        ("search=e", &["eu-west", "us-east"]),
        ("search=_", &[]),
        ("state=active", &["eu-west"]),
        ("state=inactive", &["us-east"]),
        ("search=eu&state=inactive", &[]),
    ];
    check(&world, "/api/v1/regions", "code", cases).await;
    let databases = format!("{region}/databases");
    for code in ["US_1", "US-2"] {
        let database = world.create(&databases, json!({"db_code": code, "capacity": 1})).await;
        if code == "US-2" {
            let deactivate = format!("{databases}/{}/deactivate", text(&database["id"]));
            world.operated("POST", &deactivate, None).await;
        }
    }
    let cases: Cases<'_> = &[
        ("search=us", &["US-2", "US_1"]),
        ("search=_", &["US_1"]),
        ("search=%25", &[]),
        ("state=active", &["US_1"]),
        ("state=inactive", &["US-2"]),
        ("search=1&state=inactive", &[]),
    ];
    check(&world, &databases, "db_code", cases).await;
}

#[actix_web::test]
async fn plans_are_filtered_and_drafts_stay_with_operators() {
    let world = World::bare();
    for (code, name, free, steps) in [
        ("basic", "Starter 100%", true, &["activate"][..]),
        ("gone", "Gone", false, &["activate", "retire"]),
        ("next", "Next", true, &[]),
        ("old", "Basically old", false, &["activate", "archive"]),
    ] {
        let plan = world.create("/api/v1/plans", json!({"code": code, "name": name, "free": free})).await;
        for step in steps {
            world.operated("POST", &format!("/api/v1/plans/{}/{step}", text(&plan["id"])), None).await;
        }
    }
    let cases: Cases<'_> = &[
        ("search=BASIC", &["basic", "old"]),
        ("search=100%25", &["basic"]),
        ("search=_", &[]),
        ("state=draft", &["next"]),
        ("state=active", &["basic"]),
        ("state=archived", &["old"]),
        ("state=retired", &["gone"]),
        ("free=true", &["basic", "next"]),
        ("free=false", &["gone", "old"]),
        ("free=true&state=active&search=start", &["basic"]),
        ("free=false&state=active", &[]),
    ];
    check(&world, "/api/v1/plans", "code", cases).await;
    let tenant = world.tenant("", "Acme").await;
    let (_, token) = member(&world, &tenant, "ann", "owner").await;
    for (query, expected) in [
        ("state=draft", vec![]),
        ("search=next", vec![]),
        ("free=true", vec!["basic"]),
        ("state=draft&free=true&search=n", vec![]),
    ] {
        let answer = world.call(&token, "GET", &format!("/api/v1/plans?{query}"), None).await;
        assert_eq!(members(&answer.json(), "code"), expected, "{query}");
    }
}

#[actix_web::test]
async fn resources_their_scopes_and_their_servers_are_filtered() {
    let world = World::new().await;
    let body = json!({"audience": "https://b.example.com", "name": "Ümlaut_1", "signing_alg": "EdDSA"});
    world.create("/api/v1/resources", body).await;
    let cases: Cases<'_> = &[
        ("search=PARSER.api", &["TrueParser.API"]),
        ("search=://B.", &["https://b.example.com"]),
        ("search=U%CC%88ml", &["https://b.example.com"]),
        ("search=_", &["https://b.example.com"]),
        ("search=%25", &[]),
        ("signing_alg=EdDSA", &["https://b.example.com"]),
        ("signing_alg=ES256", &["TrueParser.API", "turnkeep.management"]),
        ("signing_alg=RS256", &[]),
        ("search=b&signing_alg=ES256", &[]),
    ];
    check(&world, "/api/v1/resources", "audience", cases).await;
    let resource = world.operated("GET", "/api/v1/resources?search=trueparser", None).await;
    let resource = format!("/api/v1/resources/{}", text(&resource["items"][0]["id"]));
    let cases: Cases<'_> = &[
        ("search=R", &["read", "write"]),
        ("search=_", &[]),
        ("grant=default", &["read"]),
        ("grant=any_app", &["write"]),
        ("grant=reserved", &["sec"]),
        ("search=e&grant=reserved", &["sec"]),
        ("search=r&grant=reserved", &[]),
    ];
    check(&world, &format!("{resource}/scopes"), "name", cases).await;
    let one = world.lone_app("One").await;
    // Ids of one millisecond are in no certain order.
    world.advance(1);
    let (two, none) = (world.lone_app("Two").await, world.lone_app("None").await);
    for app in [&one, &two] {
        world.operated("PUT", &format!("{resource}/servers/{}", app.id), None).await;
    }
    for (query, expected) in [
        (String::new(), vec![&one.id, &two.id]),
        (format!("?app_id={}", two.id), vec![&two.id]),
        (format!("?app_id={}", none.id), vec![]),
    ] {
        let page = world.operated("GET", &format!("{resource}/servers{query}"), None).await;
        assert_eq!(members(&page, "app_id").iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[actix_web::test]
async fn secrets_are_filtered_by_what_they_are_now() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/secrets", app.id);
    let page = world.operated("GET", &path, None).await;
    let first = text(&page["items"][0]["id"]);
    world.advance(1);
    let second = text(&world.create(&path, json!({"overlap_seconds": 3600})).await["id"]);
    let of = async |state: &str| {
        members(&world.operated("GET", &format!("{path}?state={state}"), None).await, "id")
    };
    assert_eq!(of("live").await, [&*second, &*first]);
    world.advance(3600);
    assert_eq!(of("live").await, [&*second]);
    assert_eq!(of("expired").await, [&*first]);
    assert_eq!(of("revoked").await, [""; 0]);
    let answer = world.operate("POST", &format!("{path}/regenerate"), None).await;
    assert_eq!(of("live").await, [text(&answer.json()["id"])]);
    assert_eq!(of("expired").await, [""; 0], "a new secret revokes every older one");
    assert_eq!(of("revoked").await, [&*second, &*first]);
}

/// The paths of all lists, each with the parameters of its query.
fn lists() -> Vec<(&'static str, Vec<&'static Value>)> {
    let mut lists = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        let schema = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        if resolve(schema)["properties"]["items"].is_null() {
            continue;
        }
        let parameters = item["get"]["parameters"].as_array().unwrap().iter().map(resolve);
        lists.push((path.as_str(), parameters.filter(|parameter| parameter["in"] == "query").collect()));
    }
    lists
}

/// A parameter that chooses records, and does not only cut or order them.
fn is_filter(parameter: &Value) -> bool {
    !["limit", "after", "sort"].contains(&parameter["name"].as_str().unwrap())
}

#[actix_web::test]
async fn every_list_has_a_limit_a_cursor_an_order_and_a_filter() {
    let lists = lists();
    assert!(17 <= lists.len(), "{lists:#?}");
    for (path, parameters) in lists {
        let has = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
        assert!(has("limit") && has("after"), "{path} has no pages");
        assert!(has("sort"), "{path} has no order");
        assert!(parameters.iter().any(|parameter| is_filter(parameter)), "{path} has no filter");
    }
}

#[actix_web::test]
async fn every_named_value_of_a_filter_or_order_is_known_and_no_other() {
    let world = World::new().await;
    let estate = Estate::of_tenant(&world, "Acme").await;
    let token = world.token(&world.operator).await;
    for (template, parameters) in lists() {
        let path = estate.path(template);
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            let ask =
                async |value: &str| world.call(&token, "GET", &format!("{path}?{name}={value}"), None).await;
            for value in parameter["schema"]["enum"].as_array().into_iter().flatten() {
                let answer = ask(value.as_str().unwrap()).await;
                assert_eq!(answer.status, 200, "{path}?{name}={value}: {}", answer.text());
            }
            let wrong = match name {
                "search" => "a%00",
                _ if parameter["schema"]["enum"].is_array() => "nonsense",
                "app_id" => "ten_00000000000000000000000000",
                _ => continue,
            };
            let answer = ask(wrong).await;
            assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{path}?{name}={wrong}");
            assert_eq!(answer.blamed_fields(), [name], "{path}");
        }
    }
}

#[actix_web::test]
async fn cursors_are_good_for_their_own_filters_only() {
    let world = World::new().await;
    let estate = Estate::of_tenant(&world, "Acme").await;
    let resource = world.operated("GET", "/api/v1/resources?search=trueparser", None).await;
    let resource = text(&resource["items"][0]["id"]);
    let secrets = estate.path("/apps/{id}/secrets");
    world.create(&secrets, json!({"overlap_seconds": 60})).await;
    for user in ["operators", "members"] {
        world.operated("PUT", &format!("/api/v1/operators/{}", estate.id(user)), None).await;
    }
    for app in [estate.id("apps"), &world.lone_app("Two").await.id] {
        world.operated("PUT", &format!("/api/v1/resources/{resource}/servers/{app}"), None).await;
    }
    let region = world.operated("GET", "/api/v1/regions?search=eu-west", None).await;
    let databases = format!("/api/v1/regions/{}/databases", text(&region["items"][0]["id"]));
    world.create(&databases, json!({"db_code": "eu2", "capacity": 1})).await;
    world.create("/api/v1/plans", json!({"code": "second", "name": "Second"})).await;
    for (list, filter, other) in [
        ("/api/v1/instances".to_owned(), "state=active", "state=disabled"),
        ("/api/v1/operators".to_owned(), "user_state=active", "user_state=disabled"),
        ("/api/v1/regions".to_owned(), "search=e", "search=eu"),
        (databases, "search=eu", "state=active"),
        ("/api/v1/plans".to_owned(), "free=false", "free=true"),
        ("/api/v1/resources".to_owned(), "signing_alg=ES256", "signing_alg=EdDSA"),
        (format!("/api/v1/resources/{resource}/scopes"), "search=e", "search=s"),
        (format!("/api/v1/resources/{resource}/servers"), "", "app_id=app_00000000000000000000000000"),
        (secrets, "state=live", "state=expired"),
        ("/api/v1/review".to_owned(), "finding=no_owner", "finding=secret_old"),
    ] {
        let page = world.operated("GET", &format!("{list}?limit=1&{filter}"), None).await;
        let next = page["next"].as_str().unwrap_or_else(|| panic!("{list}?{filter}: {page}"));
        let rest = world.operated("GET", &format!("{list}?after={next}&{filter}"), None).await;
        assert!(!rest["items"].as_array().unwrap().is_empty(), "{list}?{filter}");
        let mut strange = vec![other.to_owned(), format!("{filter}&sort=-created_at")];
        if !filter.is_empty() {
            strange.extend([String::new(), format!("{filter}&{other}")]);
        }
        for query in strange {
            let answer = world.operate("GET", &format!("{list}?after={next}&{query}"), None).await;
            let refused = answer.problem();
            // A second value of the same parameter, or an order that the list has not, is refused before.
            assert!(
                refused.0 == 404 || refused.0 == 422 && query.contains('&'),
                "{list}?{query}: {refused:?}"
            );
        }
    }
}
