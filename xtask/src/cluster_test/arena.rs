//! What all threads of the test share: the records, the ways to the nodes, and the journal.

use std::net::SocketAddr;
use std::sync::Mutex;

use serde_json::json;

use super::app::App;
use super::journal::Journal;
use super::seat::PerSeat;
use crate::management::{Api, Credentials, text};

/// How many apps access is taken away from at the same time.
pub(super) const TARGETS: usize = 3;
/// How many apps nothing ever happens to.
const BYSTANDERS: usize = 3;

pub(super) struct Arena {
    pub(super) addresses: PerSeat<SocketAddr>,
    pub(super) operator: Credentials,
    /// Of an app that may introspect every token.
    pub(super) resource_server: Credentials,
    pub(super) targets: Vec<App>,
    pub(super) bystanders: Vec<App>,
    pub(super) journal: Mutex<Journal>,
}

impl Arena {
    /// Makes the records.
    pub(super) fn make(
        api: &mut Api,
        addresses: PerSeat<SocketAddr>,
        operator: Credentials,
    ) -> anyhow::Result<Self> {
        let resource = api.create("/resources", &json!({"audience": "Cluster.API", "name": "Cluster"}))?;
        let resource = text(&resource, "id")?;
        api.create(&format!("/resources/{resource}/scopes"), &json!({"name": "read", "grant": "default"}))?;
        let region = text(&api.create("/regions", &json!({"code": "eu-west", "name": "EU West"}))?, "id")?;
        let body = json!({"db_code": "EU1", "capacity": 1_000_000});
        api.create(&format!("/regions/{region}/databases"), &body)?;

        let targets = make_apps(api, "target", 0..TARGETS)?;
        let bystanders = make_apps(api, "bystander", TARGETS..TARGETS + BYSTANDERS)?;
        let server = App::make(api, TARGETS + BYSTANDERS, "resource-server")?;
        api.done("PUT", &format!("/resources/{resource}/servers/{}", server.id), None)?;
        let resource_server = server.credentials(&server.secret()?);
        Ok(Self { addresses, operator, resource_server, targets, bystanders, journal: Mutex::default() })
    }
}

fn make_apps(api: &mut Api, name: &str, numbers: std::ops::Range<usize>) -> anyhow::Result<Vec<App>> {
    numbers.map(|number| App::make(api, number, &format!("{name}-{number}"))).collect()
}
