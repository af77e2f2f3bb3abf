//! What the dashboard shows: a tenant with people in every role, apps on plans, and a region in which no app can be made.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Map, Value, json};

use crate::installation::{Installation, issuer_at};
use crate::management::{Api, text};
use crate::users::{User, write_secret};

const AUDIENCE: &str = "Documents.API";
/// Where people come back to who signed in to the app for that, at whatever port.
const PORTAL: &str = "http://127.0.0.1/callback";
/// Roles in the tenant, and who has them.
const MEMBERS: [(&str, &str, &str); 3] = [
    ("owner", "olivia", "Olivia Owens"),
    ("developer", "dev", "Devi Patel"),
    ("auditor", "audrey", "Audrey Auld"),
];
/// People who are nothing yet: two who are invited, two who look after their own accounts, and one who does both.
const OTHERS: [(&str, &str, &str); 5] = [
    ("guest", "grace", "Grace Guest"),
    ("second_guest", "gustav", "Gustav Guest"),
    ("person", "paula", "Paula Person"),
    ("second_person", "quentin", "Quentin Person"),
    ("newcomer", "nora", "Nora Newcomer"),
];

/// All of it.
pub(super) struct World {
    /// What programs are told.
    known: Map<String, Value>,
    folder: PathBuf,
}

impl World {
    /// Fills an empty installation.
    pub(super) fn make(
        api: &mut Api,
        installation: &Installation,
        server: SocketAddr,
    ) -> anyhow::Result<Self> {
        let folder = installation.log_file().with_file_name("people");
        fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        let mut known = Map::new();
        known.insert("issuer".to_owned(), issuer_at(server).into());
        let resource = make_catalogue(api)?;
        let tenant = json!({"name": "Acme Analytics", "app_limit": 20});
        let tenant = text(&api.create("/tenants", &tenant)?, "id")?;
        api.act(&format!("/tenants/{tenant}/activate"))?;
        known.insert("apps".to_owned(), make_apps(api, &tenant, &resource)?);
        known.insert("people".to_owned(), make_people(api, installation, &folder, &tenant)?);
        known.insert("resource".to_owned(), resource.into());
        known.insert("tenant".to_owned(), tenant.into());
        Ok(Self { known, folder })
    }

    /// Leaves a description for programs, with the paths of what they use.
    pub(super) fn describe(mut self, tools: &[(&str, &Path)]) -> anyhow::Result<PathBuf> {
        self.known.extend(tools.iter().map(|(name, path)| ((*name).to_owned(), json!(path))));
        let file = self.folder.join("surroundings.json");
        write_secret(&file, &Value::Object(self.known).to_string())?;
        Ok(file)
    }
}

/// Scopes and regions. Returns the id of the API.
fn make_catalogue(api: &mut Api) -> anyhow::Result<String> {
    let resource = json!({"audience": AUDIENCE, "name": "Documents"});
    let resource = text(&api.create("/resources", &resource)?, "id")?;
    for (name, grant) in [("read", "default"), ("update", "any_app")] {
        api.create(&format!("/resources/{resource}/scopes"), &json!({"name": name, "grant": grant}))?;
    }
    let region = text(&api.create("/regions", &json!({"code": "eu-west", "name": "EU West"}))?, "id")?;
    api.create(&format!("/regions/{region}/databases"), &json!({"db_code": "EU1", "capacity": 40}))?;
    api.create("/regions", &json!({"code": "us-east", "name": "US East"}))?;
    Ok(resource)
}

fn make_plan(api: &mut Api, code: &str, name: &str, hour: u32) -> anyhow::Result<String> {
    let limits = json!({
        "document_units": {"hour": hour, "day": hour * 10, "month": hour * 100}, "requests_per_minute": 60,
    });
    // Far away, but what is limited is written down within seconds.
    let tokens = json!({"hour": 100_000});
    let plan = json!({"code": code, "name": name, "limits": limits, "token_requests": tokens});
    let plan = api.create("/plans", &plan)?;
    let id = text(&plan, "id")?;
    api.act(&format!("/plans/{id}/activate"))?;
    Ok(id)
}

/// One that everything can be looked at of, one to be changed, two on plans that go, one that people sign in to, and one
/// that reports usage.
fn make_apps(api: &mut Api, tenant: &str, resource: &str) -> anyhow::Result<Value> {
    let team = make_plan(api, "team", "Team", 500)?;
    let old = make_plan(api, "starter-2024", "Starter 2024", 50)?;
    let older = make_plan(api, "starter-2023", "Starter 2023", 40)?;
    let domains = json!({
        "allowed_domains": ["app.example.com", "localhost:3000"],
        "reference_tokens": "administrators_only", "scopes": "read update",
    });
    let portal = json!({
        "scopes": "read", "sign_in": {"internal": true}, "service_access": {"as": "app"},
        "login_redirect_uris": [PORTAL], "reference_tokens": "authenticated_users",
    });
    let mut apps = Map::new();
    for (key, name, plan, fields) in [
        ("invoices", "Invoices", Some(&team), domains.clone()),
        ("orders", "Orders", None, json!({"scopes": "read", "reference_tokens": "administrators_only"})),
        ("archive", "Archive", Some(&old), json!({"scopes": "read"})),
        ("museum", "Museum", Some(&older), json!({"scopes": "read"})),
        ("portal", "Portal", None, portal),
        ("meter", "Document parser", None, json!({"scopes": "turnkeep.meter"})),
    ] {
        let mut body = json!({"tenant_id": tenant, "name": name, "region": "eu-west"});
        if let (Some(body), Some(fields)) = (body.as_object_mut(), fields.as_object()) {
            body.extend(fields.clone());
        }
        let app = api.create("/apps", &body).with_context(|| format!("app {name}"))?;
        let id = text(&app, "id")?;
        if let Some(plan) = plan {
            api.done("PUT", &format!("/apps/{id}/plan"), Some(&json!({"plan_id": plan})))?;
        }
        apps.insert(key.to_owned(), app);
    }
    let meter = text(apps.get("meter").context("there is no meter")?, "id")?;
    api.done("PUT", &format!("/resources/{resource}/servers/{meter}"), None)?;
    Ok(Value::Object(apps))
}

fn make_people(
    api: &mut Api,
    installation: &Installation,
    folder: &Path,
    tenant: &str,
) -> anyhow::Result<Value> {
    let mut people = Map::new();
    for (role, name, display_name) in MEMBERS {
        let user = User::make(api, installation, folder, (name, display_name))?;
        let path = format!("/tenants/{tenant}/members/{}", user.id);
        api.done("PUT", &path, Some(&json!({"role": role})))?;
        people.insert(role.to_owned(), user.describe());
    }
    let operator = User::make(api, installation, folder, ("oskar", "Oskar Operator"))?;
    api.done("PUT", &format!("/operators/{}", operator.id), None)?;
    people.insert("operator".to_owned(), operator.describe());
    for (key, name, display_name) in OTHERS {
        let user = User::make(api, installation, folder, (name, display_name))?;
        people.insert(key.to_owned(), user.describe());
    }
    Ok(Value::Object(people))
}
