//! Records of every kind, and paths that lead to them.

use serde_json::json;

use crate::world::World;
use crate::world::people::{member, person, text};

/// A record for every parameter that a path of the management API has, by the segment before it.
#[derive(Clone)]
pub(crate) struct Estate(Vec<(&'static str, String)>);

impl Estate {
    /// A tenant with everything that a tenant can have, beside records of the instance. Its records have the name
    /// in their names.
    pub(crate) async fn of_tenant(world: &World, name: &str) -> Self {
        let tenant = world.tenant("", name).await;
        let settings = json!({"scopes": "read write", "reference_tokens": "administrators_only"});
        let app = world.app_with(&tenant, name, settings).await;
        let app_path = format!("/api/v1/apps/{}", app.id);
        let secrets = world.operated("GET", &format!("{app_path}/secrets"), None).await;
        let storage = json!({"provider": "minio", "bucket": "documents", "access_key": "AKIA", "region": "eu",
            "secret_key": "canary-of-the-storage-key", "endpoint": "https://storage.example.com"});
        let put = world.operate("PUT", &format!("{app_path}/storage"), Some(storage)).await;
        assert_eq!(put.status, 201, "{}", put.text());
        let key = json!({"kind": "service", "name": format!("{name}-key"), "scopes": "read"});
        let key = world.create(&format!("{app_path}/reference-tokens"), key).await;
        let (member, _) = member(world, &tenant, &format!("{name}-member"), "developer").await;
        let invitation = json!({"user_name": format!("{name}-guest"), "role": "auditor"});
        let invitation = world.create(&format!("/api/v1/tenants/{tenant}/invitations"), invitation).await;
        let events = world.operated("GET", &format!("/api/v1/audit-events?tenant_id={tenant}"), None).await;
        let mut estate = Self::of_instance(world, name, &member).await;
        estate.0.extend([
            ("tenants", tenant),
            ("secrets", text(&secrets["items"][0]["id"])),
            ("reference-tokens", text(&key["id"])),
            ("servers", app.id.clone()),
            ("apps", app.id),
            ("members", member),
            ("invitations", text(&invitation["id"])),
            ("audit-events", text(&events["items"][0]["id"])),
        ]);
        estate
    }

    async fn of_instance(world: &World, name: &str, member: &str) -> Self {
        let code = name.to_lowercase();
        let named = |key: &str| json!({key: code, "name": name});
        let plan = text(&world.create("/api/v1/plans", named("code")).await["id"]);
        world.operated("POST", &format!("/api/v1/plans/{plan}/activate"), None).await;
        let region = text(&world.create("/api/v1/regions", named("code")).await["id"]);
        let database = json!({"db_code": code, "capacity": 10});
        let database = world.create(&format!("/api/v1/regions/{region}/databases"), database).await;
        let resource = text(&world.create("/api/v1/resources", named("audience")).await["id"]);
        let scope = json!({"name": format!("{code}.read")});
        let scope = world.create(&format!("/api/v1/resources/{resource}/scopes"), scope).await;
        let user = person(world, &format!("{name}-person")).await;
        let token = world.create(&format!("/api/v1/users/{member}/tokens"), json!({})).await;
        let instance = text(&world.create("/api/v1/instances", named("slug")).await["id"]);
        Self(vec![
            ("plans", plan),
            ("regions", region),
            ("databases", text(&database["id"])),
            ("resources", resource),
            ("scopes", text(&scope["name"])),
            ("operators", user.clone()),
            ("users", user),
            ("tokens", text(&token["id"])),
            ("instances", instance),
        ])
    }

    /// Well-formed identifiers of nothing.
    pub(crate) fn absent() -> Self {
        let id = |prefix: &str| format!("{prefix}_{}", "0".repeat(26));
        Self(vec![
            ("tenants", id("ten")),
            ("apps", id("app")),
            ("servers", id("app")),
            ("secrets", id("sec")),
            ("reference-tokens", id("rtk")),
            ("members", id("usr")),
            ("operators", id("usr")),
            ("users", id("usr")),
            ("tokens", id("mtk")),
            ("invitations", id("inv")),
            ("audit-events", id("evt")),
            ("plans", id("pln")),
            ("regions", id("reg")),
            ("databases", id("rdb")),
            ("resources", id("res")),
            ("scopes", "absent".to_owned()),
            ("instances", id("ins")),
        ])
    }

    /// The record after a segment of a path.
    pub(crate) fn id(&self, segment: &str) -> &str {
        let record = self.0.iter().find(|(kind, _)| *kind == segment);
        &record.unwrap_or_else(|| panic!("no record of {segment}")).1
    }

    /// The estate with other records of a kind.
    pub(crate) fn with(&self, segment: &'static str, id: &str) -> Self {
        let mut estate = self.clone();
        estate.0.insert(0, (segment, id.to_owned()));
        estate
    }

    /// A path of the OpenAPI document with records in the place of its parameters.
    pub(crate) fn path(&self, template: &str) -> String {
        let mut path = "/api/v1".to_owned();
        let mut before = "";
        for segment in template.split('/').skip(1) {
            path.push('/');
            path.push_str(if segment.starts_with('{') { self.id(before) } else { segment });
            before = segment;
        }
        path
    }
}
