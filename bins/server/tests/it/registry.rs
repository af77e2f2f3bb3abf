//! The seeds' rules, one by one, through the real server.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::process::Demo;
use crate::wire::{Client, Management, claims};

struct Stage {
    demo: Demo,
    management: Management,
    client: Client,
    app: String,
    _folder: tempfile::TempDir,
}

fn stage() -> Stage {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let (management, client) = (Management::of(&demo), Client::of(&demo, "app"));
    let app = format!("/apps/{}", demo.text("/app/id"));
    Stage { demo, management, client, app, _folder: folder }
}

#[test]
fn seed_000_without_a_plan_the_limits_are_absent_and_with_one_they_are_there() {
    let stage = stage();
    assert_eq!(stage.management.delete(&format!("{}/plan", stage.app)).status, 200);
    let without = claims(&stage.client.token());
    assert_eq!((without.get("limits"), without.get("entitlements")), (None, None));
    let body = json!({ "plan_id": stage.demo.facts["plans"]["free"] });
    assert_eq!(stage.management.put(&format!("{}/plan", stage.app), &body).status, 200);
    let with = claims(&stage.client.token());
    assert_eq!(with["limits"]["plan"], "free");
    assert_eq!(with["entitlements"]["plan"], "free");
}

#[test]
fn seed_000_a_retired_plan_stops_its_apps_with_the_cause() {
    let stage = stage();
    let token = stage.client.token();
    let plan = stage.demo.text("/plans/pro");
    assert_eq!(stage.management.act(&format!("/plans/{plan}/retire")).status, 200);
    let refused = stage.client.request_token();
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body["error"], "unauthorized_client");
    assert!(refused.body["error_description"].as_str().unwrap().contains("retired"), "{refused:?}");
    assert_eq!(stage.client.introspect(&token), json!({ "active": false }));
}

#[test]
fn seed_002_the_kill_switch_holds_from_the_next_request() {
    let stage = stage();
    let token = stage.client.token();
    assert_eq!(stage.management.act(&format!("{}/disable", stage.app)).status, 200);
    assert_eq!(stage.client.request_token().status, 401);
    assert_eq!(stage.management.act(&format!("{}/enable", stage.app)).status, 200);
    assert_eq!(stage.client.introspect(&token), json!({ "active": false }), "what was killed stays dead");
    let fresh = stage.client.token();
    assert_eq!(stage.client.introspect(&fresh)["active"], true);
}

#[test]
fn a_suspended_tenants_app_is_answered_like_an_unknown_one() {
    let stage = stage();
    let tenant = stage.demo.text("/tenant/id");
    let wrong = stage.client.with_secret("wrong").request_token();
    assert_eq!(stage.management.act(&format!("/tenants/{tenant}/suspend")).status, 200);
    let suspended = stage.client.request_token();
    assert_eq!((suspended.status, &suspended.body), (401, &wrong.body));
    assert_eq!(stage.management.act(&format!("/tenants/{tenant}/activate")).status, 200);
    stage.client.token();
}

#[test]
fn seed_001_a_regenerated_secret_kills_the_old_one_and_its_tokens_at_once() {
    let stage = stage();
    let token = stage.client.token();
    let answer = stage.management.act(&format!("{}/secrets/regenerate", stage.app));
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(stage.client.request_token().status, 401);
    let renewed = stage.client.with_secret(answer.body["client_secret"].as_str().unwrap());
    assert_eq!(renewed.introspect(&token), json!({ "active": false }));
    let fresh = renewed.token();
    assert_eq!(renewed.introspect(&fresh)["active"], true);
}

#[test]
fn seed_001_domains_are_stored_normalised() {
    let stage = stage();
    let body = json!({ "allowed_domains": ["https://app.example.com/", "http://localhost:3000/"] });
    let changed = stage.management.patch(&stage.app, &body);
    assert_eq!(changed.status, 200, "{changed:?}");
    let token = claims(&stage.client.token());
    assert_eq!(token["allowed_domain_1"], "app.example.com");
    assert_eq!(token["allowed_domain_2"], "localhost:3000");
    assert_eq!(token.get("allowed_domain_3"), None);
    let refused = stage.management.patch(&stage.app, &json!({ "allowed_domains": ["*.example.com"] }));
    assert_eq!(refused.status, 422, "{refused:?}");
}

#[test]
fn seed_001_creation_fails_in_a_region_without_an_active_database() {
    let stage = stage();
    let region = stage.management.post("/regions", &json!({ "code": "us-east", "name": "US East" }));
    assert_eq!(region.status, 201, "{region:?}");
    let app =
        json!({ "tenant_id": stage.demo.facts["tenant"]["id"], "name": "Elsewhere", "region": "us-east" });
    let refused = stage.management.post("/apps", &app);
    assert!((400..500).contains(&refused.status), "{refused:?}");
    assert_eq!(refused.body["code"], "region_without_active_database");
    let id = region.body["id"].as_str().unwrap();
    let database = stage
        .management
        .post(&format!("/regions/{id}/databases"), &json!({ "db_code": "US1", "capacity": 5 }));
    assert_eq!(database.status, 201, "{database:?}");
    let created = stage.management.post("/apps", &app);
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.body["db_code"], "US1");
}

#[test]
fn seed_001_the_secret_is_shown_once() {
    let stage = stage();
    let app = json!({ "tenant_id": stage.demo.facts["tenant"]["id"], "name": "Second", "region": "eu-west" });
    let created = stage.management.post("/apps", &app);
    let secret = created.body["client_secret"].as_str().unwrap().to_owned();
    let id = created.body["id"].as_str().unwrap();
    for path in [format!("/apps/{id}"), format!("/apps/{id}/secrets"), "/apps".to_owned()] {
        let shown: Value = stage.management.get(&path).body;
        assert!(!shown.to_string().contains(&secret), "{path}");
    }
}

#[test]
fn seed_001_a_tenant_has_three_apps_until_an_operator_raises_the_limit() {
    let stage = stage();
    let tenant = stage.demo.text("/tenant/id");
    let create = |name: &str| {
        let body = json!({ "tenant_id": tenant, "name": name, "region": "eu-west" });
        stage.management.post("/apps", &body)
    };
    assert_eq!(create("Second").status, 201);
    assert_eq!(create("second").status, 409, "the same name but for case");
    assert_eq!(create("Third").status, 201);
    let refused = create("Fourth");
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("app_limit_reached")));
    let raised = stage.management.patch(&format!("/tenants/{tenant}"), &json!({ "app_limit": 4 }));
    assert_eq!(raised.status, 200, "{raised:?}");
    assert_eq!(create("Fourth").status, 201);
}
