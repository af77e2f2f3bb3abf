//! The records that clients need: an API, a tenant, a person with a password, and an app of every kind.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};

use crate::installation::{Installation, free_address, issuer_at};
use crate::management::{Api, Credentials, text};
use crate::users::{User, write_secret};

const AUDIENCE: &str = "Interop.API";
const SCOPE: &str = "read";

/// A registration, and where its program listens.
pub(super) struct App {
    pub(super) id: String,
    pub(super) address: SocketAddr,
    pub(super) redirect_uri: String,
    signed_out_uri: String,
    client_id: String,
    client_secret: Option<String>,
}

impl App {
    /// Where its program listens, as browsers call it.
    pub(super) fn origin(&self) -> String {
        origin(self.address)
    }

    /// Of a confidential app.
    pub(super) fn credentials(&self) -> anyhow::Result<Credentials> {
        let client_secret = self.client_secret.clone().context("a public app has no secret")?;
        Ok(Credentials { client_id: self.client_id.clone(), client_secret })
    }

    fn describe(&self) -> Value {
        json!({
            "client_id": self.client_id, "client_secret": self.client_secret,
            "redirect_uri": self.redirect_uri, "signed_out_uri": self.signed_out_uri,
        })
    }
}

/// All of it.
pub(super) struct World {
    pub(super) issuer: String,
    /// An API, and a scope of it.
    pub(super) audience: &'static str,
    pub(super) scope: &'static str,
    /// Who signs in to apps.
    pub(super) user: User,
    /// Who tries every way to sign in.
    account: User,
    /// What client programs are told.
    pub(super) surroundings: PathBuf,
    apps: BTreeMap<&'static str, App>,
}

impl World {
    /// Fills an empty installation. `folder` is for what client programs are told.
    pub(super) fn make(
        api: &mut Api,
        installation: &Installation,
        server: SocketAddr,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let resource = text(&api.create("/resources", &json!({"audience": AUDIENCE, "name": "API"}))?, "id")?;
        api.create(&format!("/resources/{resource}/scopes"), &json!({"name": SCOPE, "grant": "default"}))?;
        let region = text(&api.create("/regions", &json!({"code": "eu-west", "name": "EU West"}))?, "id")?;
        api.create(&format!("/regions/{region}/databases"), &json!({"db_code": "EU1", "capacity": 100}))?;
        let tenant = text(&api.create("/tenants", &json!({"name": "Acme", "app_limit": 100}))?, "id")?;
        api.act(&format!("/tenants/{tenant}/activate"))?;
        let robot = json!({"kind": "system", "name": "robot", "display_name": "Robot"});
        let robot = text(&api.create("/users", &robot)?, "id")?;
        let mut apps = BTreeMap::new();
        for kind in kinds(&robot) {
            let app = make_app(api, &tenant, &kind).with_context(|| format!("app {}", kind.name))?;
            apps.insert(kind.name, app);
        }
        Ok(Self {
            issuer: issuer_at(server),
            audience: AUDIENCE,
            scope: SCOPE,
            user: User::make(api, installation, folder, ("ada", "Ada"))?,
            account: User::make(api, installation, folder, ("ben", "Ben"))?,
            surroundings: folder.join("surroundings.json"),
            apps,
        })
    }

    pub(super) fn app(&self, name: &str) -> anyhow::Result<&App> {
        self.apps.get(name).with_context(|| format!("there is no app {name}"))
    }

    /// Leaves a description for client programs. `person` is where somebody at a browser listens.
    pub(super) fn describe(&self, person: SocketAddr, chromium: &Path) -> anyhow::Result<()> {
        let apps: Map<String, Value> =
            self.apps.iter().map(|(name, app)| ((*name).to_owned(), app.describe())).collect();
        let surroundings = json!({
            "issuer": self.issuer, "person": format!("http://{person}"), "user": self.user.name,
            "scope": SCOPE, "audience": AUDIENCE, "apps": apps, "chromium": chromium, "account": self.account.describe(),
        });
        write_secret(&self.surroundings, &surroundings.to_string())
    }
}

/// A registration to make.
struct Kind {
    name: &'static str,
    is_native: bool,
    fields: Value,
}

/// The four minimal setups of seed 002, and what single clients need besides.
fn kinds(robot: &str) -> Vec<Kind> {
    let people = json!({"internal": true});
    let service = json!({"as": "user", "user_id": robot});
    let nobody = json!({"as": "none"});
    // From before PKCE and tokens.
    let legacy = json!({
        "sign_in": people, "service_access": nobody, "pkce": "optional", "basic_authentication": true,
    });
    let kind = |name, fields| Kind { name, is_native: false, fields };
    let public = json!({"client_type": "public", "sign_in": {"internal": true, "community": true}});
    vec![
        kind("web", json!({"sign_in": people, "service_access": nobody})),
        kind("spa", public.clone()),
        Kind { name: "native", is_native: true, fields: public },
        kind("service", json!({"service_access": service})),
        kind(
            "hybrid",
            json!({"sign_in": people, "service_access": service, "reference_tokens": "authenticated_users"}),
        ),
        kind("legacy", legacy),
        kind("apache", json!({"sign_in": people, "service_access": nobody})),
    ]
}

fn make_app(api: &mut Api, tenant: &str, kind: &Kind) -> anyhow::Result<App> {
    let address = free_address()?;
    // A native application signs in where no registration knows (RFC 8252 §7.3); signing out knows no such exception.
    let sign_in = if kind.is_native { "http://127.0.0.1".to_owned() } else { origin(address) };
    let (redirect_uri, signed_out_uri) =
        (format!("{sign_in}/callback"), format!("{}/signed-out", origin(address)));
    let mut body = json!({"tenant_id": tenant, "name": kind.name, "region": "eu-west", "scopes": SCOPE});
    let more = json!({"login_redirect_uris": [redirect_uri], "logout_redirect_uris": [signed_out_uri]});
    for fields in [&kind.fields, &more] {
        let (Some(body), Some(fields)) = (body.as_object_mut(), fields.as_object()) else { continue };
        body.extend(fields.clone());
    }
    let made = api.create("/apps", &body)?;
    let client_secret = made.get("client_secret").and_then(Value::as_str).map(str::to_owned);
    let is_public = kind.fields.get("client_type").is_some();
    ensure!(client_secret.is_none() == is_public, "an app has a secret if, and only if, it can keep one");
    let client_id = text(&made, "client_id")?;
    Ok(App { id: text(&made, "id")?, address, redirect_uri, signed_out_uri, client_id, client_secret })
}

/// Applications by their address: to a browser, that is another site than the server's name.
fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}
