//! A tenant whose app is on a plan with limits in Document Units, and the app that reports about it.

use serde_json::{Value, json};

use super::{TestApp, World};

/// An app on a plan that uses `TrueParser.API`, and the app that serves it.
pub(crate) struct Metered {
    pub(crate) tenant: String,
    pub(crate) app: TestApp,
    pub(crate) meter: TestApp,
}

impl Metered {
    /// Makes them; the plan allows these Document Units, window by window.
    pub(crate) async fn in_world(world: &World, document_units: Value) -> Self {
        let limits = json!({"document_units": document_units});
        let plan = json!({"code": "pro", "name": "Pro", "limits": limits});
        let plan = world.create("/api/v1/plans", plan).await["id"].clone();
        let path = format!("/api/v1/plans/{}/activate", plan.as_str().unwrap());
        world.operated("POST", &path, None).await;
        let tenant = world.tenant("", "Acme").await;
        let app = world.app_with(&tenant, "Invoices", json!({"scopes": "read", "plan_id": plan})).await;
        let platform = world.tenant("", "TrueParser").await;
        let meter = world.app_with(&platform, "Parser", json!({"scopes": "turnkeep.meter"})).await;
        let resources = world.operated("GET", "/api/v1/resources", None).await;
        let of_api = |resource: &&Value| resource["audience"] == "TrueParser.API";
        let resource = resources["items"].as_array().unwrap().iter().find(of_api).unwrap()["id"].clone();
        let path = format!("/api/v1/resources/{}/servers/{}", resource.as_str().unwrap(), meter.id);
        assert_eq!(world.operate("PUT", &path, None).await.status, 200);
        Self { tenant, app, meter }
    }

    /// Reports these events; the answer says what became of them.
    pub(crate) async fn report(&self, world: &World, events: Value) -> Value {
        let token = world.token(&self.meter).await;
        let answer = world.call(&token, "POST", "/api/v1/usage", Some(json!({"events": events}))).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}
