//! Nobody sets what is not theirs to set by naming it (attack 67).

use serde_json::{Map, Value, json};

use crate::attacks::estate::Estate;
use crate::world::World;
use crate::world::databases::on_both_databases;
use crate::world::description::{document, resolve};
use crate::world::people::member;

on_both_databases!(
    attack_67_no_body_has_room_for_what_the_server_decides,
    attack_67_what_is_refused_by_name_leaves_the_record_alone,
    attack_67_an_owner_raises_no_limit_of_its_own_tenant,
    attack_67_nothing_is_assigned_by_its_position,
    attack_67_nothing_is_imported_by_its_position,
);

/// What somebody might want to set.
const FORBIDDEN: [&str; 32] = [
    "tenant_id",
    "plan_id",
    "plan",
    "client_id",
    "client_secret",
    "secret",
    "secret_hash",
    "hash",
    "digest",
    "db_code",
    "region_id",
    "license_region",
    "role",
    "is_operator",
    "operator",
    "permissions",
    "user_id",
    "origin",
    "state",
    "enabled",
    "is_enabled",
    "version",
    "id",
    "instance_id",
    "created_at",
    "app_count",
    "app_limit",
    "client_type",
    "kind",
    "__proto__",
    "constructor",
    "Name",
];

/// The operator's token, and that of an app that reports usage for the one operation that takes no other.
struct Tokens {
    operator: String,
    meter: String,
}

impl Tokens {
    async fn of(world: &World) -> Self {
        let tenant = world.tenant("", "Meters").await;
        let meter = world.app_with(&tenant, "Meter", json!({"scopes": "turnkeep.meter"})).await;
        Self { operator: world.token(&world.operator).await, meter: world.token(&meter).await }
    }

    fn for_path(&self, template: &str) -> &str {
        if template == "/usage" { &self.meter } else { &self.operator }
    }
}

async fn attack_67_no_body_has_room_for_what_the_server_decides(world: World) {
    let tokens = Tokens::of(&world).await;
    let nothing = Estate::absent();
    let mut tried = 0;
    for (template, item) in document()["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let (method, path) = (verb.to_ascii_uppercase(), nothing.path(template));
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let takes_a_body = schema.is_object();
            if !takes_a_body && method != "POST" {
                continue;
            }
            let members = if takes_a_body { resolve(schema)["properties"].as_object() } else { None };
            for field in FORBIDDEN {
                if members.is_some_and(|members| members.contains_key(field)) {
                    continue;
                }
                let body = Some(json!({field: "x"}));
                let refused = world.call(tokens.for_path(template), &method, &path, body).await;
                let step = format!("{method} {template} {field}");
                assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{step}");
                assert!(refused.blamed_fields().contains(&field.to_owned()), "{step}");
                tried += 1;
            }
        }
    }
    assert!(1_000 < tried, "{tried}");
    let done = world.operated("GET", "/api/v1/audit-events?limit=1", None).await;
    assert_eq!(done["items"][0]["action"], "app.create", "the last thing that was done came before");
}

async fn attack_67_what_is_refused_by_name_leaves_the_record_alone(world: World) {
    let estate = Estate::of_tenant(&world, "Acme").await;
    let (_, owner) = member(&world, estate.id("tenants"), "mallory", "owner").await;
    for (template, accepted) in [
        ("/apps/{id}", json!({"name": "Renamed", "scopes": "read"})),
        ("/tenants/{id}", json!({"name": "Renamed"})),
    ] {
        let path = estate.path(template);
        let before = world.operated("GET", &path, None).await;
        for field in FORBIDDEN.into_iter().filter(|field| *field != "app_limit") {
            for value in
                [json!("x"), json!(before[field]), json!(true), json!(1), Value::Null, json!({"a": []})]
            {
                let mut body = accepted.clone();
                body[field] = value;
                let refused = world.call(&owner, "PATCH", &path, Some(body)).await;
                assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{path} {field}");
                assert_eq!(refused.blamed_fields(), [field], "{path}");
            }
        }
        assert_eq!(world.operated("GET", &path, None).await, before);
    }
}

async fn attack_67_an_owner_raises_no_limit_of_its_own_tenant(world: World) {
    let estate = Estate::of_tenant(&world, "Acme").await;
    let (_, owner) = member(&world, estate.id("tenants"), "mallory", "owner").await;
    let path = estate.path("/tenants/{id}");
    for body in [json!({"app_limit": 1_000}), json!({"name": "Renamed", "app_limit": 1_000})] {
        let refused = world.call(&owner, "PATCH", &path, Some(body)).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    }
    let tenant = world.operated("GET", &path, None).await;
    assert_eq!((&tenant["name"], &tenant["app_limit"]), (&json!("Acme"), &json!(3)));
    // A plan that an app is created with is chosen by an operator.
    let body = json!({"name": "New", "region": "eu-west", "plan_id": estate.id("plans")});
    let refused = world.call(&owner, "POST", "/api/v1/apps", Some(body)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
}

async fn attack_67_nothing_is_assigned_by_its_position(world: World) {
    let tokens = Tokens::of(&world).await;
    let nothing = Estate::absent();
    let (mut roots, mut inside) = (0, 0);
    for (template, item) in document()["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let (method, path) = (verb.to_ascii_uppercase(), nothing.path(template));
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if !schema.is_object() && method != "POST" {
                continue;
            }
            for list in [json!([]), json!(["Positional", 7]), json!([{}])] {
                let refused = world.call(tokens.for_path(template), &method, &path, Some(list)).await;
                assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{method} {template}");
                assert_eq!(refused.blamed_fields(), ["body"], "{method} {template}");
                roots += 1;
            }
            for (field, body) in objects_inside(schema) {
                let refused = world.call(tokens.for_path(template), &method, &path, Some(body)).await;
                let step = format!("{method} {template} {field}: {}", refused.text());
                assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{step}");
                assert!(refused.blamed_fields().contains(&field), "{step}");
                inside += 1;
            }
        }
    }
    assert!(100 < roots && 5 < inside, "{roots} {inside}");
}

/// Every member of a body, however deep, that is an object: its path, and a body with a list in its place.
fn objects_inside(schema: &'static Value) -> Vec<(String, Value)> {
    let schema = resolve(schema);
    let mut found = Vec::new();
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    found.extend(alternatives.flat_map(objects_inside));
    let list = schema["items"].is_object();
    let members: Vec<(String, &'static Value)> = match schema["properties"].as_object() {
        _ if list => vec![("0".to_owned(), &schema["items"])],
        Some(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        None => Vec::new(),
    };
    for (name, member) in members {
        let within = |value: Value| {
            if list { json!([value]) } else { Value::Object(Map::from_iter([(name.clone(), value)])) }
        };
        // The members of a document to import are not the request's own.
        if is_object(member) && name != "document" {
            found.push((name.clone(), within(json!([true, false]))));
        }
        found.extend(
            objects_inside(member).into_iter().map(|(path, value)| (format!("{name}.{path}"), within(value))),
        );
    }
    found
}

fn is_object(schema: &'static Value) -> bool {
    let schema = resolve(schema);
    schema["properties"].is_object() || schema["anyOf"].as_array().into_iter().flatten().any(is_object)
}

async fn attack_67_nothing_is_imported_by_its_position(world: World) {
    for (document, shown) in [
        (json!({"turnkeep": 1, "tenants": [["Positional"]]}), "tenant 1"),
        (
            json!({"turnkeep": 1, "regions": [{"code": "eu", "name": "EU", "databases": [["one", 5]]}]}),
            "region «eu»",
        ),
    ] {
        let answer = world.operate("POST", "/api/v1/import", Some(json!({"document": document}))).await;
        assert!(answer.text().contains(shown), "{}", answer.text());
        assert_ne!(answer.json()["applied"], true, "{}", answer.text());
    }
    let answer = world.operate("POST", "/api/v1/import", Some(json!({"document": [1]}))).await;
    assert!(400 <= answer.status && answer.status < 500, "{}", answer.text());
    let tenants = world.operated("GET", "/api/v1/tenants?search=Positional", None).await;
    assert_eq!(tenants["items"], json!([]));
}
