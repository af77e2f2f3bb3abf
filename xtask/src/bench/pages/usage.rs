//! Usage of every app, so that the pages about it have something to add up.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::management::{Api, Credentials, fetch_token, text};

/// As many as a report may have.
const REPORTED_AT_ONCE: usize = 1_000;

/// Lets the app that serves the resources report some for each app. `folder` is what was filled.
pub(super) fn report_usage(operator: &mut Api, server: SocketAddr, folder: &Path) -> anyhow::Result<()> {
    let apps = operator.list("/apps", "")?;
    let ids: Vec<String> = apps.iter().map(|app| text(app, "id")).collect::<anyhow::Result<_>>()?;
    let credentials = first_credentials(&folder.join("bodies.txt"))?;
    let meter = apps.iter().find(|app| app.get("client_id") == Some(&json!(credentials.client_id)));
    let meter = meter.context("the first app is not there")?;
    let scopes = json!({"scopes": "turnkeep.meter"});
    operator.done("PATCH", &format!("/apps/{}", text(meter, "id")?), Some(&scopes))?;
    let mut reporter = Api::with_token(server, &fetch_token(server, &credentials)?);
    let mut counted = 0;
    for ids in ids.chunks(REPORTED_AT_ONCE) {
        let events: Vec<Value> =
            ids.iter().map(|id| json!({"id": id, "app_id": id, "units": 1 + id.len() % 7})).collect();
        let report = reporter.create("/usage", &json!({"events": events}))?;
        counted += report.get("counted").and_then(Value::as_u64).unwrap_or_default();
    }
    ensure!(0 < counted, "no usage was counted");
    println!("usage of {counted} apps was reported");
    Ok(())
}

/// Of the first line with a request for a token.
fn first_credentials(file: &Path) -> anyhow::Result<Credentials> {
    let bodies = std::fs::read_to_string(file).context("could not read the request bodies")?;
    let body = bodies.lines().next().context("there is no request body")?;
    let field = |name: &str| {
        let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
            .context("a field is missing")
    };
    Ok(Credentials { client_id: field("client_id")?, client_secret: field("client_secret")? })
}
