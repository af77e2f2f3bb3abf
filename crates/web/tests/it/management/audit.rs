//! The audit trail over HTTP: filters, pages, export, and no secret in it (attacks 66, 75, 76).

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::requests::bearer;
use crate::world::troubled_store::Trouble;

fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}

async fn events(world: &World, query: &str) -> Value {
    world.operated("GET", &format!("/api/v1/audit-events{query}"), None).await
}

#[actix_web::test]
async fn events_come_newest_first_and_page_by_page() {
    let world = World::new().await;
    let all = ids(&events(&world, "?limit=100").await);
    let (mut seen, mut path) = (Vec::new(), "?limit=3".to_owned());
    loop {
        let page = events(&world, &path).await;
        let positions: Vec<_> =
            page["items"].as_array().unwrap().iter().map(|event| event["position"].as_u64()).collect();
        assert!(positions.is_sorted_by(|one, other| other < one), "{positions:?}");
        seen.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("?limit=3&after={next}");
    }
    assert_eq!(seen, all);
    let mut oldest_first = ids(&events(&world, "?limit=100&sort=created_at").await);
    oldest_first.reverse();
    assert_eq!(oldest_first, all);
}

#[actix_web::test]
async fn an_event_says_what_changed_for_whom_and_why_it_was_refused() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let answer = world.operate("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    let request_id = answer.header("x-request-id").unwrap().to_owned();
    let list = events(&world, &format!("?request_id={request_id}")).await;
    let [event] = &list["items"].as_array().unwrap()[..] else { panic!("{list}") };
    assert_eq!(event["action"], "app.disable");
    assert_eq!(event["outcome"], "done");
    assert_eq!(event["object"], json!(app.id));
    assert_eq!(event["code"], Value::Null);
    assert_eq!(event["changes"], json!([{"attribute": "enabled", "before": "true", "after": "false"}]));
    let one =
        world.operated("GET", &format!("/api/v1/audit-events/{}", event["id"].as_str().unwrap()), None).await;
    assert_eq!(one, *event);
    let token = world.token(&world.lone_app("Other").await).await;
    let _refused_without_a_scope = token;
    let path = "/api/v1/tenants/ten_00000000000000000000000000/suspend";
    assert_eq!(world.operate("POST", path, None).await.status, 404);
    let refused = events(&world, "?outcome=refused&code=not_found&action=tenant.suspend").await;
    assert_eq!(refused["items"][0]["object"], "ten_00000000000000000000000000");
}

#[actix_web::test]
async fn every_filter_narrows_and_nonsense_is_refused() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let record = world.operated("GET", &format!("/api/v1/apps/{}", app.id), None).await;
    let tenant_id = record["tenant_id"].as_str().unwrap();
    let all = ids(&events(&world, "?limit=100").await).len();
    let newest = events(&world, "?limit=1").await["items"][0].clone();
    let (actor, at) = (newest["actor"].as_str().unwrap(), newest["at"].as_str().unwrap());
    for (query, expected) in [
        ("action=app.create".to_owned(), Some(1)),
        (format!("object={}", app.id), Some(1)),
        (format!("tenant_id={tenant_id}"), Some(3)),
        ("outcome=refused".to_owned(), Some(0)),
        ("actor=system".to_owned(), Some(1)),
        (format!("actor={actor}"), Some(all - 1)),
        (format!("from={at}"), Some(all)),
        (format!("to={at}"), Some(0)),
        ("code=not_found".to_owned(), Some(0)),
        ("action=a%0d%0ab".to_owned(), None),
        ("actor=root".to_owned(), None),
        ("outcome=perhaps".to_owned(), None),
        ("request_id=1".to_owned(), None),
        ("from=yesterday".to_owned(), None),
        ("to=2026-02-30T00:00:00Z".to_owned(), None),
        ("action=".to_owned(), None),
        ("unknown=1".to_owned(), None),
        ("action=a&action=b".to_owned(), None),
    ] {
        let answer = world.operate("GET", &format!("/api/v1/audit-events?limit=100&{query}"), None).await;
        match expected {
            Some(expected) => {
                assert_eq!(answer.status, 200, "{query}: {}", answer.text());
                assert_eq!(ids(&answer.json()).len(), expected, "{query}");
            }
            None => assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{query}"),
        }
    }
    let answer = world.operate("GET", "/api/v1/audit-events?tenant_id=nonsense", None).await;
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn an_export_is_json_lines_with_everything_that_verification_needs() {
    let world = World::new().await;
    for number in 0..210 {
        world.create("/api/v1/regions", json!({"code": format!("r{number}"), "name": "\u{3042} =1+1"})).await;
    }
    let answer = world.operate("GET", "/api/v1/audit-export", None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/jsonl"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["turnkeep_audit"], 1);
    assert_eq!(lines[0]["complete"], true);
    let end = &lines.last().unwrap()["end"];
    assert_eq!(end["entries"], json!(lines.len() - 2));
    let chain = world.operated("GET", "/api/v1/audit-chain", None).await;
    assert_eq!(end["head"]["position"], chain["head"]["position"]);
    assert_eq!(end["head"]["hash"], chain["head"]["hash"]);
    assert_eq!(chain["head"]["seal"], "genuine");
    assert_eq!(chain["first_position"], 1);
    let part = world.operate("GET", "/api/v1/audit-export?action=region.create", None).await;
    let lines: Vec<Value> = part.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["complete"], lines.len()), (&json!(false), 2 + 211));
}

#[actix_web::test]
async fn no_secret_is_in_events_or_export_and_headers_are_not_in_them_at_all() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let token = world.token(&app).await;
    let request = TestRequest::post()
        .uri(&format!("/api/v1/apps/{}/secrets/regenerate", app.id))
        .insert_header(bearer(&world.token(&world.operator).await))
        .insert_header(("User-Agent", "\u{9b}31m canary-of-the-agent"));
    let second = world.send(request).await.json()["client_secret"].as_str().unwrap().to_owned();
    let wrong = format!("{}x", app.secret);
    let guess = crate::world::TestApp { secret: wrong.clone(), ..app.clone() };
    assert_eq!(world.ask_token(&guess, "").await.status, 401);
    let list = events(&world, "?limit=100").await.to_string();
    let export = world.operate("GET", "/api/v1/audit-export", None).await.text().to_owned();
    assert!(list.contains(&app.id) && export.contains(&app.id), "what is there is found");
    let signature = token.rsplit_once('.').unwrap().1;
    for canary in [&app.secret, &second, &wrong, &world.operator.secret, signature, "canary-of-the-agent"] {
        assert!(!list.contains(canary) && !export.contains(canary), "{canary}");
    }
}

#[actix_web::test]
async fn an_export_that_cannot_begin_is_a_problem_document() {
    let world = World::bare();
    let token = world.token(&world.operator).await;
    world.store.set(Trouble::Unavailable);
    let answer = world.call(&token, "GET", "/api/v1/audit-export", None).await;
    assert_eq!(answer.problem(), (503, "temporarily_unavailable".to_owned()));
}
