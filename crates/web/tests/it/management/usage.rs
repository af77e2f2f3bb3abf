//! Usage in Document Units over HTTP (seed 000 §4).

use serde_json::{Value, json};

use crate::world::World;
use crate::world::databases::on_both_databases;
use crate::world::metered::Metered;
use crate::world::people::member;

on_both_databases!(a_report_counts_once_and_everybody_sees_its_own_of_it,);

impl Metered {
    fn event(&self, id: &str, units: u64) -> Value {
        json!({"id": id, "app_id": self.app.id, "units": units})
    }
}

fn limits() -> Value {
    json!({"hour": 100, "day": 250})
}

fn window(usage: &Value, name: &str) -> Value {
    let windows = usage["windows"].as_array().unwrap();
    windows.iter().find(|window| window["window"] == name).unwrap().clone()
}

async fn a_report_counts_once_and_everybody_sees_its_own_of_it(world: World) {
    let metered = Metered::in_world(&world, limits()).await;
    let nobody = json!({"id": "3", "app_id": "nobody", "units": 1});
    let events = json!([metered.event("1", 70), metered.event("2", 5), nobody]);
    let first = metered.report(&world, events.clone()).await;
    assert_eq!((&first["counted"], &first["duplicates"]), (&json!(2), &json!(0)));
    assert_eq!(first["refused"], json!([{"id": "3", "code": "unknown_app"}]));
    let again = metered.report(&world, events).await;
    assert_eq!((&again["counted"], &again["duplicates"]), (&json!(0), &json!(2)));
    let usage = &again["apps"][0];
    assert_eq!(usage["app_id"], json!(metered.app.id));
    assert_eq!((&usage["plan"], &usage["status"]), (&json!("pro"), &json!("warning")));
    assert_eq!(usage["binding_window"], "hour");
    let hour = json!({"window": "hour", "used": 75, "limit": 100, "percent": 75.0, "status": "warning",
        "starts_at": "2026-01-01T00:00:00Z", "resets_at": "2026-01-01T01:00:00Z"});
    assert_eq!(window(usage, "hour"), hour);
    let week = json!({"window": "week", "used": 75, "limit": null, "percent": null, "status": null,
        "starts_at": "2025-12-29T00:00:00Z", "resets_at": "2026-01-05T00:00:00Z"});
    assert_eq!(window(usage, "week"), week);
    // The app itself, with a token for the resource and no scope of this API.
    let token = world.token(&metered.app).await;
    let own = world.call(&token, "GET", "/api/v1/usage", None).await;
    assert_eq!((own.status, &own.json()), (200, usage), "{}", own.text());
    // Another node on the same database, a member, and the operator.
    let node = world.node();
    let (_, auditor) = member(&world, &metered.tenant, "ann", "auditor").await;
    let of_app = format!("/api/v1/apps/{}/usage", metered.app.id);
    assert_eq!(&node.call(&auditor, "GET", &of_app, None).await.json(), usage);
    let history = world.operated("GET", &format!("{of_app}?history=day"), None).await["history"].clone();
    assert_eq!(history, json!([{"starts_at": "2026-01-01T00:00:00Z", "used": 75}]));
    let of_tenant = format!("/api/v1/tenants/{}/usage", metered.tenant);
    let sums = world.call(&auditor, "GET", &of_tenant, None).await.json();
    assert_eq!((&window(&sums, "month")["used"], &sums["apps_with_usage"]), (&json!(75), &json!(1)));
    let app = json!({"app_id": metered.app.id, "name": "Invoices", "plan": "pro", "status": "warning",
        "binding_window": "hour", "percent": 75.0, "used_this_month": 75});
    assert_eq!(sums["apps"], json!([app]));
}

#[actix_web::test]
async fn events_that_never_become_right_refuse_the_report() {
    let world = World::new().await;
    let metered = Metered::in_world(&world, limits()).await;
    let token = world.token(&metered.meter).await;
    let many: Vec<Value> = (0..1_001).map(|number| metered.event(&number.to_string(), 1)).collect();
    for (events, fields) in [
        (json!([]), vec!["events"]),
        (json!(many), vec!["events"]),
        (json!([metered.event("", 1), metered.event("1", 0)]), vec!["events.0.id", "events.1.units"]),
        (json!([metered.event(&"x".repeat(129), 1 << 53)]), vec!["events.0.id", "events.0.units"]),
        (
            json!([{"id": "1", "app_id": metered.app.id, "units": 1, "occurred_at": "yesterday"}]),
            vec!["events.0.occurred_at"],
        ),
        (
            json!([{"id": "1", "app_id": metered.app.id, "units": 1, "tenant_id": "x"}]),
            vec!["events.0.tenant_id"],
        ),
        (json!([{"id": "1", "app_id": metered.app.id, "units": -1}]), vec!["events.0.units"]),
    ] {
        let body = Some(json!({"events": events}));
        let answer = world.call(&token, "POST", "/api/v1/usage", body).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()));
        assert_eq!(answer.blamed_fields(), fields);
    }
    let most: Vec<Value> = many.into_iter().take(1_000).collect();
    assert_eq!(metered.report(&world, json!(most)).await["counted"], 1_000);
}

#[actix_web::test]
async fn the_longest_events_fit_into_a_report() {
    let world = World::new().await;
    let metered = Metered::in_world(&world, limits()).await;
    let events: Vec<Value> = (0..1_000)
        .map(|number| {
            json!({"id": format!("{number:x>128}"), "app_id": metered.app.id, "units": (1_u64 << 53) - 1,
                "occurred_at": "2026-01-01T00:00:00.000001+00:00"})
        })
        .collect();
    let report = metered.report(&world, json!(events)).await;
    assert_eq!(report["counted"], 1_000);
    assert_eq!(window(&report["apps"][0], "hour")["used"], (1_u64 << 53) - 1, "sums stop where JSON does");
}

#[actix_web::test]
async fn only_tokens_with_the_scope_report_and_only_apps_ask_for_their_own() {
    let world = World::new().await;
    let metered = Metered::in_world(&world, limits()).await;
    let (_, owner) = member(&world, &metered.tenant, "ann", "owner").await;
    let reader = world.app_with(&metered.tenant, "Reader", json!({"scopes": "turnkeep.read"})).await;
    let body = || Some(json!({"events": [metered.event("1", 1)]}));
    let report = async |token: &str| world.call(token, "POST", "/api/v1/usage", body()).await;
    for (token, expected) in [
        (owner.clone(), (401, "invalid_token")),
        (world.token(&metered.app).await, (401, "invalid_token")),
        (world.token(&world.operator).await, (403, "insufficient_scope")),
        (world.token(&reader).await, (403, "insufficient_scope")),
    ] {
        let refused = report(&token).await;
        assert_eq!(refused.problem(), (expected.0, expected.1.to_owned()));
        if expected.0 == 403 {
            assert!(refused.header("www-authenticate").unwrap().contains(r#"scope="turnkeep.meter""#));
        }
    }
    let meter = world.token(&metered.meter).await;
    assert_eq!(report(&meter).await.status, 200);
    // The scope is good for nothing else.
    for path in ["/api/v1/me", "/api/v1/apps", &format!("/api/v1/apps/{}/usage", metered.app.id)] {
        let refused = world.call(&meter, "GET", path, None).await;
        assert_eq!(refused.problem(), (403, "insufficient_scope".to_owned()), "{path}");
    }
    let own = async |token: &str| world.call(token, "GET", "/api/v1/usage", None).await;
    for app in [&metered.app, &metered.meter, &reader, &world.operator] {
        assert_eq!(own(&world.token(app).await).await.status, 200);
    }
    assert_eq!(own(&owner).await.problem(), (401, "invalid_token".to_owned()));
    // A killed app asks in vain.
    let token = world.token(&metered.app).await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", metered.app.id), None).await;
    assert_eq!(own(&token).await.problem(), (401, "invalid_token".to_owned()));
}

#[actix_web::test]
async fn reported_events_are_counted_in_the_metrics() {
    let world = World::new().await;
    let metered = Metered::in_world(&world, limits()).await;
    let nobody = json!({"id": "2", "app_id": "nobody", "units": 1});
    for _ in 0..2 {
        metered.report(&world, json!([metered.event("1", 1), nobody])).await;
    }
    let metrics = world.send(crate::world::requests::request("GET", "/metrics")).await;
    for line in [r#"{outcome="counted"} 1"#, r#"{outcome="duplicate"} 1"#, r#"{outcome="refused"} 2"#] {
        assert!(metrics.text().contains(line), "{line}: {}", metrics.text());
    }
}
