//! What the addresses of the dashboard lead to, who goes there, and what they fill in.

use serde_json::{Value, json};

use crate::account::browser::Browser;
use crate::account::persons::{person_with_password, signed_in};
use crate::dashboard::estate::{member, operator};
use crate::dashboard::every_route_table::Who;
use crate::world::World;
use crate::world::people::text;

/// Two tenants, and one of everything that an address can name.
pub(super) struct Estate {
    pub(super) acme: String,
    pub(super) bolt: String,
    pub(super) orders: String,
    pub(super) invoices: String,
    ids: Vec<(&'static str, String)>,
}

impl Estate {
    pub(super) async fn make(world: &World) -> Self {
        let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
        let settings = json!({"scopes": "read", "reference_tokens": "administrators_only"});
        let orders = world.app_with(&acme, "Orders", settings).await;
        let invoices = world.app_with(&acme, "Invoices", json!({})).await;
        let secrets = listed(world, &format!("/api/v1/apps/{}/secrets", orders.id)).await;
        let token = json!({"kind": "service", "name": "nightly", "scopes": "read", "lifetime_days": 7});
        let token = world.create(&format!("/api/v1/apps/{}/reference-tokens", orders.id), token).await;
        let victor = person_with_password(world, "victor").await;
        let path = format!("/api/v1/tenants/{acme}/members/{victor}");
        world.operated("PUT", &path, Some(json!({"role": "auditor"}))).await;
        let guest = json!({"user_name": "guest", "role": "auditor"});
        let invitation = world.create(&format!("/api/v1/tenants/{acme}/invitations"), guest).await;
        let instance = world.create("/api/v1/instances", json!({"slug": "other", "name": "Other"})).await;
        let plan = json!({"code": "pro", "name": "Pro"});
        let plan = world.create("/api/v1/plans", plan).await;
        let activation = format!("/api/v1/plans/{}/activate", text(&plan["id"]));
        world.operated("POST", &activation, None).await;
        let regions = listed(world, "/api/v1/regions").await;
        let region = text(&regions[0]["id"]);
        let databases = listed(world, &format!("/api/v1/regions/{region}/databases")).await;
        let resources = listed(world, "/api/v1/resources").await;
        let resource = resources.iter().find(|known| known["audience"] == "TrueParser.API").unwrap();
        let event = listed(world, &format!("/api/v1/audit-events?tenant_id={acme}")).await;
        let ids = vec![
            ("secret", text(&secrets[0]["id"])),
            ("token", text(&token["id"])),
            ("user", victor),
            ("invitation", text(&invitation["id"])),
            ("id", text(&instance["id"])),
            ("plan", text(&plan["id"])),
            ("region", region),
            ("database", text(&databases[0]["id"])),
            ("resource", text(&resource["id"])),
            ("event", text(&event[0]["id"])),
        ];
        Self { acme, bolt, orders: orders.id, invoices: invoices.id, ids }
    }

    /// The id that stands for a part of an address.
    pub(super) fn id(&self, part: &str) -> &str {
        self.ids.iter().find(|(name, _)| *name == part).map(|(_, id)| id).unwrap()
    }

    /// The address, as one of Acme and its app.
    pub(super) fn address(&self, path: &str) -> String {
        self.address_below(path, &self.acme, &self.orders)
    }

    /// The same below another tenant and another app.
    pub(super) fn address_below(&self, path: &str, tenant: &str, app: &str) -> String {
        let path = format!("/dashboard{path}").replace("{tenant}", tenant).replace("{app}", app);
        let path = self.ids.iter().fold(path, |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
        assert!(!path.contains('{'), "{path}");
        path
    }

    /// Everybody who is somebody, with what they are.
    pub(super) async fn everybody<'a>(&self, world: &'a World) -> Vec<(Browser<'a>, &'static str, Who)> {
        person_with_password(world, "nemo").await;
        vec![
            (signed_in(world, "nemo").await, "in no tenant", Who::Anybody),
            (member(world, &self.bolt, "mallory", "owner").await, "owner of another tenant", Who::Anybody),
            (member(world, &self.acme, "audrey", "auditor").await, "auditor", Who::Auditor),
            (member(world, &self.acme, "dora", "developer").await, "developer", Who::Developer),
            (member(world, &self.acme, "adam", "admin").await, "admin", Who::Admin),
            (member(world, &self.acme, "ada", "owner").await, "owner", Who::Owner),
            (operator(world, "olga").await, "operator", Who::Operator),
        ]
    }
}

/// The items of a list of the management API.
pub(super) async fn listed(world: &World, path: &str) -> Vec<Value> {
    world.operated("GET", path, None).await["items"].as_array().unwrap().clone()
}

/// Fields that nobody's form lacks, so that only the caller is what is wrong.
pub(super) const FILLED_IN: [(&str, &str); 19] = [
    ("version", "1"),
    ("name", "nightly"),
    ("slug", "third"),
    ("code", "new"),
    ("accent", "teal"),
    ("role", "auditor"),
    ("user_name", "another"),
    ("region", "eu-west"),
    ("overlap_seconds", "3600"),
    ("scope:read", "on"),
    ("lifetime_days", "30"),
    ("algorithm", "ES256"),
    ("action", "remove"),
    ("app_limit", "3"),
    ("provider", "minio"),
    ("endpoint", "https://storage.example.com"),
    ("bucket", "invoices"),
    ("access_key", "AKIAEXAMPLE"),
    ("secret_key", "secret"),
];

/// All of it, with the token that a form has.
pub(super) fn filled_in(csrf: &str) -> Vec<(&str, &str)> {
    [("csrf", csrf)].into_iter().chain(FILLED_IN).collect()
}
