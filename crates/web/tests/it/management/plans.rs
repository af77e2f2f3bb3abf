//! Plans and what they do to the tokens of their apps.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::world::people::text;
use crate::world::{TestApp, World};

async fn claims(world: &World, app: &TestApp) -> Value {
    let token = world.token(app).await;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

async fn active_plan(world: &World, code: &str, free: bool) -> String {
    let plan = world.create("/api/v1/plans", json!({"code": code, "name": code, "free": free})).await;
    let id = text(&plan["id"]);
    world.operated("POST", &format!("/api/v1/plans/{id}/activate"), None).await;
    id
}

#[actix_web::test]
async fn limits_show_in_the_next_token() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    assert_eq!(claims(&world, &app).await.get("limits"), None);
    let limits = json!({
        "document_units": {"hour": 100, "day": 250, "week": 500, "month": 1000}, "requests_per_minute": 10,
        "features": {"ocr": true, "tier": "gold", "seats": 5}
    });
    let body = json!({"code": "pro", "name": "Pro", "limits": limits});
    let plan = world.create("/api/v1/plans", body).await;
    assert_eq!((&plan["state"], &plan["free"], &plan["limits"]), (&json!("draft"), &json!(false), &limits));
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let app_plan = format!("/api/v1/apps/{}/plan", app.id);
    let assign = || Some(json!({"plan_id": plan["id"]}));
    let draft = world.operate("PUT", &app_plan, assign()).await;
    assert_eq!(draft.problem(), (409, "plan_not_assignable".to_owned()));
    world.operated("POST", &format!("{path}/activate"), None).await;
    let assigned = world.operated("PUT", &app_plan, assign()).await;
    assert_eq!((&assigned["plan"]["plan_id"], &assigned["plan"]["on_hold"]), (&plan["id"], &json!(false)));
    let mut expected = limits.clone();
    expected["plan"] = json!("pro");
    assert_eq!(claims(&world, &app).await["limits"], expected);
    let patch = json!({"limits": {"document_units": {"month": 5}}});
    world.operated("PATCH", &path, Some(patch)).await;
    assert_eq!(claims(&world, &app).await["limits"]["document_units"]["month"], 5);
    let removed = world.operated("DELETE", &app_plan, None).await;
    assert_eq!(removed["plan"], Value::Null);
    assert_eq!(claims(&world, &app).await.get("limits"), None);
    assert_eq!(world.operate("DELETE", &app_plan, None).await.problem(), (409, "no_plan".to_owned()));
}

#[actix_web::test]
async fn a_plan_only_moves_forward() {
    let world = World::bare();
    let plan = world.create("/api/v1/plans", json!({"code": "pro", "name": "Pro"})).await;
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    for (step, expected) in [
        ("archive", Err("plan_state")),
        ("activate", Ok("active")),
        ("activate", Err("plan_state")),
        ("archive", Ok("archived")),
        ("activate", Err("plan_state")),
        ("retire", Ok("retired")),
        ("retire", Err("plan_state")),
    ] {
        let answer = world.operate("POST", &format!("{path}/{step}"), None).await;
        match expected {
            Ok(state) => assert_eq!((answer.status, &answer.json()["state"]), (200, &json!(state))),
            Err(code) => assert_eq!(answer.problem(), (409, code.to_owned()), "{step}"),
        }
    }
}

#[actix_web::test]
async fn limits_that_contradict_each_other_are_refused() {
    let world = World::bare();
    for (limits, field) in [
        (json!({"document_units": {"hour": 10, "day": 5}}), "limits.document_units"),
        (json!({"document_units": {"hour": -1}}), "limits.document_units.hour"),
        (json!({"features": {"not a name": true}}), "limits.features"),
        (json!({"features": {"list": []}}), "limits.features.list"),
        (json!({"requests_per_minute": "10"}), "limits.requests_per_minute"),
    ] {
        let body = json!({"code": "pro", "name": "Pro", "limits": limits});
        let answer = world.operate("POST", "/api/v1/plans", Some(body)).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{limits}");
        assert_eq!(answer.blamed_fields(), [field]);
    }
}

#[actix_web::test]
async fn limits_of_token_requests_are_set_as_a_whole_and_checked() {
    let world = World::bare();
    let plan = world.create("/api/v1/plans", json!({"code": "pro", "name": "Pro"})).await;
    let none = json!({"minute": null, "hour": null, "day": null, "mode": "enforce"});
    assert_eq!(plan["token_requests"], none);
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    for (said, expected) in [
        (json!({"hour": 5, "day": 9}), json!({"minute": null, "hour": 5, "day": 9, "mode": "enforce"})),
        (
            json!({"minute": 1, "mode": "dry_run"}),
            json!({"minute": 1, "hour": null, "day": null, "mode": "dry_run"}),
        ),
        (json!(null), none),
    ] {
        let changed = world.operated("PATCH", &path, Some(json!({"token_requests": said}))).await;
        assert_eq!(changed["token_requests"], expected);
        assert_eq!(world.operated("GET", &path, None).await["token_requests"], expected);
    }
    for (said, field) in [
        (json!({"hour": 0}), "token_requests"),
        (json!({"hour": 5, "day": 4}), "token_requests"),
        (json!({"hour": "5"}), "token_requests.hour"),
        (json!({"week": 5}), "token_requests.week"),
        (json!({"mode": "never"}), "token_requests.mode"),
    ] {
        let body = json!({"code": "other", "name": "Other", "token_requests": said});
        let answer = world.operate("POST", "/api/v1/plans", Some(body)).await;
        assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{said}");
        assert_eq!(answer.blamed_fields(), [field]);
    }
}

#[actix_web::test]
async fn drafts_are_for_operators() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let reader = world.app_with(&tenant_id, "Reader", json!({"scopes": "turnkeep.read"})).await;
    let plan = world.create("/api/v1/plans", json!({"code": "pro", "name": "Pro"})).await;
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let token = world.token(&reader).await;
    assert_eq!(world.call(&token, "GET", &path, None).await.problem(), (404, "not_found".to_owned()));
    world.operated("POST", &format!("{path}/activate"), None).await;
    assert_eq!(world.call(&token, "GET", &path, None).await.status, 200);
}

#[actix_web::test]
async fn retiring_shows_who_is_hit_before_it_moves_or_stops_them() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let mut plans = Vec::new();
    for code in ["old", "new"] {
        let plan = world.create("/api/v1/plans", json!({"code": code, "name": code})).await;
        let id = plan["id"].as_str().unwrap().to_owned();
        world.operated("POST", &format!("/api/v1/plans/{id}/activate"), None).await;
        plans.push(id);
    }
    let (old, new) = (&plans[0], &plans[1]);
    let app_path = format!("/api/v1/apps/{}", app.id);
    world.operated("PUT", &format!("{app_path}/plan"), Some(json!({"plan_id": old}))).await;
    let retire = format!("/api/v1/plans/{old}/retire");
    let foreseen = world.operated("POST", &retire, Some(json!({"dry_run": true}))).await;
    assert_eq!((&foreseen["state"], &foreseen["dry_run"]), (&json!("active"), &json!(true)));
    assert_eq!(foreseen["affected_apps"][0]["app_id"], app.id);
    assert_eq!(foreseen["affected_apps"][0]["fate"], "stops");
    assert_eq!(foreseen["affected_apps"][0]["client_id"], app.client_id);
    let record = world.operated("GET", &app_path, None).await;
    assert_eq!(foreseen["affected_apps"][0]["app_name"], record["name"]);
    let tenant = format!("/api/v1/tenants/{}", record["tenant_id"].as_str().unwrap());
    let tenant = world.operated("GET", &tenant, None).await;
    assert_eq!(foreseen["affected_apps"][0]["tenant_name"], tenant["name"]);
    assert_eq!((&foreseen["moves"], &foreseen["stops"]), (&json!(0), &json!(1)));
    for (successor, status, code) in [
        (old.as_str(), 422, "successor_is_plan"),
        ("pln_00000000000000000000000000", 422, "successor_unknown"),
        ("x", 422, "invalid_fields"),
    ] {
        let answer = world.operate("POST", &retire, Some(json!({"successor_plan_id": successor}))).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{successor}");
        assert_eq!(answer.blamed_fields(), ["successor_plan_id"]);
    }
    let unknown = world.operate("POST", &retire, Some(json!({"dry": true}))).await;
    assert_eq!(unknown.blamed_fields(), ["dry"]);
    let retired = world.operated("POST", &retire, Some(json!({"successor_plan_id": new}))).await;
    assert_eq!((&retired["state"], &retired["dry_run"]), (&json!("retired"), &json!(false)));
    assert_eq!(retired["affected_apps"][0]["fate"], "moves");
    assert_eq!((&retired["moves"], &retired["stops"]), (&json!(1), &json!(0)));
    assert_eq!(world.operated("GET", &app_path, None).await["plan"]["plan_id"], *new);
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn a_dry_run_changes_nothing_and_foretells_what_happens() {
    let world = World::new().await;
    let (acme, other) = (world.tenant("", "Acme").await, world.tenant("", "Other").await);
    let old = active_plan(&world, "old", false).await;
    let free = active_plan(&world, "free", true).await;
    let mut apps = Vec::new();
    for (tenant, name) in [(&acme, "One"), (&acme, "Two"), (&other, "Three")] {
        let app = world.app_with(tenant, name, json!({"plan_id": old})).await;
        apps.push(app.id);
    }
    let retire = format!("/api/v1/plans/{old}/retire");
    let tried = json!({"dry_run": true, "successor_plan_id": free});
    let foreseen = world.operated("POST", &retire, Some(tried)).await;
    // A tenant has one app on a free plan, so one of two can move.
    let affected = foreseen["affected_apps"].as_array().unwrap();
    let mut fates: Vec<_> = affected.iter().map(|app| app["fate"].as_str().unwrap()).collect();
    fates.sort_unstable();
    assert_eq!(fates, ["free_plan_taken", "moves", "moves"]);
    let plan = world.operated("GET", &format!("/api/v1/plans/{old}"), None).await;
    assert_eq!((&plan["state"], &plan["version"]), (&json!("active"), &json!(2)));
    let events = world.operated("GET", "/api/v1/audit-events?action=plan.retire", None).await;
    assert_eq!(events["items"], json!([]));
    let refused = world.operate("POST", &retire, Some(json!({"successor_plan_id": free}))).await;
    assert_eq!(refused.problem(), (409, "free_plan_taken".to_owned()));
    assert_eq!(refused.blamed_fields(), ["successor_plan_id"]);
    for app in &apps {
        let shown = world.operated("GET", &format!("/api/v1/apps/{app}"), None).await;
        assert_eq!(shown["plan"]["plan_id"], json!(old), "a refusal moves nobody");
    }
    let new = active_plan(&world, "new", false).await;
    let retired = world.operated("POST", &retire, Some(json!({"successor_plan_id": new}))).await;
    assert_eq!(retired["affected_apps"].as_array().unwrap().len(), 3);
    for app in &apps {
        let shown = world.operated("GET", &format!("/api/v1/apps/{app}"), None).await;
        assert_eq!(shown["plan"]["plan_id"], json!(new));
    }
    let on_old = world.operated("GET", &format!("/api/v1/apps?plan_id={old}"), None).await;
    assert_eq!(on_old["items"], json!([]));
}

#[actix_web::test]
async fn an_archived_plan_goes_on_for_its_apps_and_takes_no_others() {
    let world = World::new().await;
    let (app, late) = (world.lone_app("Acme").await, world.lone_app("Late").await);
    let plan = active_plan(&world, "pro", false).await;
    let assign = || Some(json!({"plan_id": plan}));
    world.operated("PUT", &format!("/api/v1/apps/{}/plan", app.id), assign()).await;
    world.operated("POST", &format!("/api/v1/plans/{plan}/archive"), None).await;
    assert_eq!(claims(&world, &app).await["limits"]["plan"], "pro");
    let refused = world.operate("PUT", &format!("/api/v1/apps/{}/plan", late.id), assign()).await;
    assert_eq!(refused.problem(), (409, "plan_not_assignable".to_owned()));
    assert_eq!(refused.blamed_fields(), ["plan_id"]);
}

#[actix_web::test]
async fn a_hold_stops_the_app_until_it_is_released() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}/plan", app.id);
    for step in ["hold", "release"] {
        let refused = world.operate("POST", &format!("{path}/{step}"), None).await;
        assert_eq!(refused.problem(), (409, "no_plan".to_owned()), "{step}");
    }
    let plan = active_plan(&world, "pro", false).await;
    world.operated("PUT", &path, Some(json!({"plan_id": plan}))).await;
    for (step, on_hold, status) in [("hold", true, 400), ("release", false, 200)] {
        let changed = world.operate("POST", &format!("{path}/{step}"), None).await;
        assert_eq!((changed.status, &changed.json()["plan"]["on_hold"]), (200, &json!(on_hold)), "{step}");
        assert_eq!(
            changed.header("etag").map(str::to_owned),
            Some(format!("\"{}\"", changed.json()["version"]))
        );
        assert_eq!(world.ask_token(&app, "").await.status, status, "{step}");
    }
}
