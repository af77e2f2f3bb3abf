//! Two tenants with records of every kind, and what a run against the API has to know about them.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Map, Value, json};

use crate::installation::Installation;
use crate::management::{Api, text};

/// A tenant with its records.
pub(super) struct Tenant {
    pub(super) id: String,
    /// May manage the tenant's apps.
    pub(super) developer: Person,
    /// May only read.
    pub(super) auditor: Person,
    /// Its storage is at an endpoint that does not exist.
    probe: String,
    /// Everything that tells this tenant's records from others': ids, client ids, secrets and names.
    pub(super) marks: Vec<String>,
}

/// A member of a tenant.
pub(super) struct Person {
    user_id: String,
    tenant_id: String,
}

impl Person {
    /// A token for a run.
    pub(super) fn token(&self, api: &mut Api) -> anyhow::Result<String> {
        let issued =
            api.create(&format!("/users/{}/tokens", self.user_id), &json!({"tenant_id": self.tenant_id}))?;
        text(&issued, "token")
    }
}

/// All of it.
pub(super) struct World {
    pub(super) own: Tenant,
    pub(super) foreign: Tenant,
    plan: String,
}

impl World {
    /// Fills an empty installation.
    pub(super) fn make(api: &mut Api) -> anyhow::Result<Self> {
        let resource =
            text(&api.create("/resources", &json!({"audience": "Fuzz.API", "name": "Fuzz"}))?, "id")?;
        let scopes = format!("/resources/{resource}/scopes");
        api.create(&scopes, &json!({"name": "read", "grant": "default"}))?;
        api.create(&scopes, &json!({"name": "write"}))?;
        let region = text(&api.create("/regions", &json!({"code": "eu-west", "name": "EU West"}))?, "id")?;
        let database = json!({"db_code": "EU1", "capacity": 1_000_000});
        api.create(&format!("/regions/{region}/databases"), &database)?;
        let plan = text(&api.create("/plans", &json!({"code": "pro", "name": "Pro"}))?, "id")?;
        api.act(&format!("/plans/{plan}/activate"))?;
        let user = json!({"kind": "system", "name": "robot", "display_name": "Robot"});
        let user = text(&api.create("/users", &user)?, "id")?;
        let own = make_tenant(api, "alpha", &plan, &user)?;
        let foreign = make_tenant(api, "bravo", &plan, &user)?;
        Ok(Self { own, foreign, plan })
    }

    /// For the hooks of a run by a member of the own tenant, or by the operator.
    pub(super) fn describe(
        &self,
        api: &mut Api,
        installation: &Installation,
        by_operator: bool,
    ) -> anyhow::Result<Value> {
        let operator = installation.operator()?.client_id;
        let mut ids = Ids::default();
        for collection in ["/tenants", "/plans", "/regions", "/resources", "/users", "/instances", "/apps"] {
            for record in api.list(collection, "")? {
                ids.add(&text(&record, "id")?);
            }
        }
        for event in api.list("/audit-events", "")? {
            ids.add(&text(&event, "id")?);
        }
        let protected = self.protected(api, &operator)?;
        let mut nested = Map::new();
        for (collection, part, key) in [
            ("apps", "secrets", "id"),
            ("regions", "databases", "id"),
            ("resources", "scopes", "name"),
            ("tenants", "members", "user_id"),
            ("tenants", "invitations", "id"),
            ("users", "tokens", "id"),
        ] {
            nested.insert(part.to_owned(), parts(api, collection, part, key)?);
        }
        let foreign = if by_operator { Vec::new() } else { self.foreign.marks.clone() };
        Ok(json!({
            "ids": ids.0,
            "nested": nested,
            "values": {"region": ["eu-west"], "scopes": ["read", "read write"], "plan_id": [self.plan]},
            "protected": protected,
            "probe": self.own.probe,
            "foreign": foreign,
        }))
    }

    /// What the access of the callers hangs on.
    fn protected(&self, api: &mut Api, operator: &str) -> anyhow::Result<Vec<String>> {
        let mut protected = vec![
            self.own.developer.user_id.clone(),
            self.own.auditor.user_id.clone(),
            self.own.probe.clone(),
        ];
        for app in api.list("/apps", "")? {
            if text(&app, "client_id")? == operator {
                protected.extend([text(&app, "id")?, text(&app, "tenant_id")?]);
            }
        }
        for instance in api.list("/instances", "")? {
            protected.push(text(&instance, "id")?);
        }
        for resource in api.list("/resources", "")? {
            if text(&resource, "audience")? == "turnkeep.management" {
                protected.push(text(&resource, "id")?);
            }
        }
        Ok(protected)
    }
}

/// Ids by their prefix.
#[derive(Default)]
struct Ids(BTreeMap<String, Vec<String>>);

impl Ids {
    fn add(&mut self, id: &str) {
        if let Some((prefix, _)) = id.split_once('_') {
            self.0.entry(prefix.to_owned()).or_default().push(id.to_owned());
        }
    }
}

/// The parts of all records of a collection, by the record's id.
fn parts(api: &mut Api, collection: &str, part: &str, key: &str) -> anyhow::Result<Value> {
    let mut parts = Map::new();
    for record in api.list(&format!("/{collection}"), "")? {
        let id = text(&record, "id")?;
        let found = api.list(&format!("/{collection}/{id}/{part}"), "")?;
        let keys: Vec<String> = found.iter().map(|found| text(found, key)).collect::<Result<_, _>>()?;
        parts.insert(id, json!(keys));
    }
    Ok(Value::Object(parts))
}

fn make_tenant(api: &mut Api, name: &str, plan: &str, robot: &str) -> anyhow::Result<Tenant> {
    // A name that no generator comes up with.
    let mark = format!("{name}-7f3a91c04d");
    let id = text(&api.create("/tenants", &json!({"name": mark, "app_limit": 1_000}))?, "id")?;
    api.act(&format!("/tenants/{id}/activate"))?;
    let mut marks = vec![mark.clone(), id.clone()];
    for (number, more) in [
        json!({"scopes": "read turnkeep.manage"}),
        json!({"plan_id": plan, "allowed_domains": ["app.example.com"]}),
        json!({"service_access": {"as": "user", "user_id": robot}}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = json!({"tenant_id": id, "name": format!("{mark}-{number}"), "region": "eu-west"});
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        marks.extend(make_app(api, &body)?);
    }
    let probe = marks.last_chunk().map(|[app, _, _, _]: &[String; 4]| app.clone()).context("no app")?;
    // Never resolved (RFC 6761 §6.4).
    let storage = json!({
        "provider": "minio", "endpoint": "https://storage.invalid", "bucket": "documents",
        "access_key": format!("key-of-{mark}"), "secret_key": format!("secret-of-{mark}"),
    });
    api.done("PUT", &format!("/apps/{probe}/storage"), Some(&storage))?;
    let developer = make_member(api, &id, &format!("developer-of-{mark}"), "developer")?;
    let auditor = make_member(api, &id, &format!("auditor-of-{mark}"), "auditor")?;
    let invitation = json!({"user_name": format!("guest-of-{mark}"), "role": "auditor"});
    let invitation = api.create(&format!("/tenants/{id}/invitations"), &invitation)?;
    marks.extend([developer.user_id.clone(), auditor.user_id.clone(), text(&invitation, "id")?]);
    Ok(Tenant { id, developer, auditor, probe, marks })
}

/// Returns what tells the app from others.
fn make_app(api: &mut Api, body: &Value) -> anyhow::Result<Vec<String>> {
    let app = api.create("/apps", body)?;
    let id = text(&app, "id")?;
    let secrets = api.list(&format!("/apps/{id}/secrets"), "")?;
    let secret = text(secrets.first().context("an app has no secret")?, "id")?;
    Ok(vec![id, text(&app, "client_id")?, text(&app, "client_secret")?, secret])
}

fn make_member(api: &mut Api, tenant: &str, name: &str, role: &str) -> anyhow::Result<Person> {
    let user = json!({"kind": "internal", "name": name, "display_name": name});
    let user_id = text(&api.create("/users", &user)?, "id")?;
    api.done("PUT", &format!("/tenants/{tenant}/members/{user_id}"), Some(&json!({"role": role})))?;
    Ok(Person { user_id, tenant_id: tenant.to_owned() })
}
