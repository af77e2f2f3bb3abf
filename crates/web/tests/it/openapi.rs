//! The OpenAPI document and its page (attack 78).

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::description::{document, resolve};
use crate::world::requests::request;

/// Every operation: method, path, description.
fn operations() -> Vec<(String, String, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    let mut operations = Vec::new();
    for (path, item) in paths {
        for (verb, operation) in item.as_object().unwrap() {
            operations.push((verb.to_ascii_uppercase(), path.clone(), operation));
        }
    }
    operations
}

fn filled(path: &str) -> String {
    let id = format!("app_{}", "0".repeat(26));
    path.split('/')
        .map(|part| if part.starts_with('{') { id.as_str() } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[actix_web::test]
async fn the_document_is_served_to_everybody_and_below_every_instance() {
    let world = World::bare();
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    for (instance, status) in [("", 200), ("/i/acme", 200), ("/i/unknown", 404), ("/i/default", 404)] {
        for path in ["openapi.json", "docs"] {
            let path = format!("{instance}/api/v1/{path}");
            assert_eq!(world.send(TestRequest::get().uri(&path)).await.status, status, "{path}");
        }
    }
    let answer = world.send(TestRequest::get().uri("/api/v1/openapi.json")).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), *document());
    let etag = answer.header("etag").unwrap();
    let again = TestRequest::get().uri("/api/v1/openapi.json").insert_header(("If-None-Match", etag));
    let again = world.send(again).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        let refused = world.send(request(method, "/api/v1/openapi.json")).await;
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}

#[actix_web::test]
async fn every_described_operation_exists_and_needs_a_token() {
    let world = World::bare();
    let token = world.token(&world.operator).await;
    for (method, path, _) in operations() {
        let path = format!("/api/v1{}", filled(&path));
        let anonymous = world.send(request(&method, &path)).await;
        assert_eq!(anonymous.problem(), (401, "unauthenticated".to_owned()), "{method} {path}");
        let answer = world.call(&token, &method, &path, None).await;
        assert_ne!(answer.status, 405, "{method} {path}");
        let options = world.send(request("OPTIONS", &path)).await;
        assert_eq!(options.problem(), (405, "method_not_allowed".to_owned()), "{path}");
        let allowed = options.header("allow").unwrap();
        assert!(allowed.split(", ").any(|allowed| allowed == method), "{method} {path}: {allowed}");
        assert_eq!(allowed.contains("GET"), allowed.contains("HEAD"), "{path}: {allowed}");
    }
}

#[actix_web::test]
async fn head_answers_wherever_get_does() {
    let world = World::new().await;
    let token = world.token(&world.operator).await;
    for (method, path, _) in operations() {
        if method == "GET" {
            let path = format!("/api/v1{}", filled(&path));
            let get = world.call(&token, "GET", &path, None).await;
            let head = world.call(&token, "HEAD", &path, None).await;
            assert_eq!((get.status, get.header("etag")), (head.status, head.header("etag")), "{path}");
        }
    }
}

#[actix_web::test]
async fn every_named_value_of_a_parameter_is_taken() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let token = world.token(&world.operator).await;
    let mut tried = 0;
    for (method, path, operation) in operations() {
        let list = path.replace("/apps/{id}", &format!("/apps/{}", app.id));
        if method != "GET" || list.contains('{') {
            continue;
        }
        for parameter in operation["parameters"].as_array().unwrap() {
            let values = parameter["schema"]["enum"].as_array().cloned().unwrap_or_default();
            for value in &values {
                let query = format!("{}={}", parameter["name"].as_str().unwrap(), value.as_str().unwrap());
                let answer = world.call(&token, "GET", &format!("/api/v1{list}?{query}"), None).await;
                assert_eq!(answer.status, 200, "{list}?{query}: {}", answer.text());
                tried += 1;
            }
        }
    }
    assert!(30 < tried, "{tried}");
}

#[test]
fn the_document_keeps_the_rules_of_openapi() {
    assert_eq!(document()["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name} is there twice");
        assert_eq!(operation["security"], json!([{"bearer": []}]), "{name}");
        let tag = &operation["tags"][0];
        assert!(document()["tags"].as_array().unwrap().iter().any(|known| known["name"] == *tag), "{name}");
        let parameters: Vec<_> = operation["parameters"].as_array().unwrap().iter().map(resolve).collect();
        let place = |parameter: &Value| format!("{} {}", parameter["in"], parameter["name"]);
        let places: BTreeSet<_> = parameters.iter().map(|parameter| place(parameter)).collect();
        assert_eq!(places.len(), parameters.len(), "{name}");
        // Every part of the path that varies is a required parameter, and nothing else is in the path.
        let varying: BTreeSet<_> =
            path.split('/').filter(|part| part.starts_with('{')).map(str::to_owned).collect();
        let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path");
        let declared: BTreeSet<_> = in_path
            .map(|parameter| {
                assert_eq!(parameter["required"], true, "{name}");
                format!("{{{}}}", parameter["name"].as_str().unwrap())
            })
            .collect();
        assert_eq!(varying, declared, "{name}");
        let header = |header: &str| parameters.iter().any(|parameter| parameter["name"] == header);
        assert_eq!(header("Idempotency-Key"), method == "POST", "{name}");
        assert_eq!(header("If-Match"), operation["responses"].get("412").is_some(), "{name}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = resolve(response);
            assert!(!response["description"].as_str().unwrap().is_empty(), "{name} {status}");
            assert!(response["headers"].get("X-Request-Id").is_some(), "{name} {status}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_request_names_its_members() {
    fn walk(value: &'static Value) {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            assert!(document().pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
        }
        value.as_object().into_iter().flat_map(serde_json::Map::values).for_each(walk);
        value.as_array().into_iter().flatten().for_each(walk);
    }
    walk(document());
    for (_, _, operation) in operations() {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if let Some(reference) = schema["$ref"].as_str() {
            let schema = document().pointer(reference.strip_prefix('#').unwrap()).unwrap();
            assert_eq!(schema["additionalProperties"], false, "{reference}");
        }
    }
}

#[actix_web::test]
async fn the_page_shows_every_operation_and_has_no_script() {
    let world = World::bare();
    let answer = world.send(TestRequest::get().uri("/api/v1/docs")).await;
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let page = answer.text();
    for forbidden in [
        "<script",
        "javascript:",
        " style=",
        " onclick",
        "<img",
        "<iframe",
        "<link",
        "src=",
        "href=\"http",
        "url(",
        "@import",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for (_, path, operation) in operations() {
        assert!(page.contains(&format!("id=\"{}\"", operation["operationId"].as_str().unwrap())), "{path}");
    }
    for target in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(!target.contains(char::is_whitespace), "{target}");
        assert!(page.contains(&format!("id=\"{target}\"")), "{target} leads nowhere");
    }
}
