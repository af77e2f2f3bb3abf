//! `turnkeep demo`: a server on loopback with something to try, and the commands to try it with.

use std::path::Path;

use anyhow::bail;
use serde_json::json;

use crate::command_line::DemoArguments;
use crate::commands::demo_address::take_address;
use crate::commands::demo_records::{DemoFacts, WayIn, ensure_demo};
use crate::configuration::ServerConfiguration;
use crate::open_authority::{check_schema, ensure_folder, open_to_serve};
use crate::run_server::serve;
use crate::system::say;
use crate::trace_export::exporter::TraceExport;
use crate::{credentials_file, logging, master_key_file};

/// Where `demo` keeps its files if it is not told.
const DEFAULT_DATA: &str = "demo-data";

/// Runs the demo. A second run on the same data goes on with what is there.
pub(crate) fn run(arguments: &DemoArguments) -> anyhow::Result<()> {
    let mut configuration = ServerConfiguration::read(&arguments.settings, DEFAULT_DATA)?;
    if !configuration.listen.ip().is_loopback() {
        bail!("listen: the demo serves this computer only; use `turnkeep serve` for others");
    }
    if configuration.log == "info" {
        "warn".clone_into(&mut configuration.log);
    }
    let traces = configuration.traces.as_ref().map(TraceExport::start).transpose()?;
    logging::start(&configuration.log, configuration.log_format, traces.as_ref())?;
    if let Some(path) = &arguments.json {
        credentials_file::check_replaceable(path)?;
    }
    let (listeners, base_url) = take_address(&configuration)?;
    check_schema(&configuration.data.database)?;
    ensure_folder(&configuration.data.data)?;
    let master_keys = master_key_file::read_or_create(&configuration.data.master_key_file)?;
    let turnkeep = open_to_serve(&configuration, master_keys, base_url.clone())?;
    let facts = ensure_demo(&turnkeep, &configuration.data.data.join("demo.json"))?;
    serve(&configuration, turnkeep, listeners, traces, || {
        if let Some(path) = &arguments.json {
            write_json(path, base_url.as_str(), &facts)?;
        }
        introduce(base_url.as_str(), &facts);
        Ok(())
    })
}

fn write_json(path: &Path, base_url: &str, facts: &DemoFacts) -> anyhow::Result<()> {
    let json = json!({
        "base_url": base_url,
        "issuer": base_url,
        "operator": facts.operator,
        "app": facts.app,
        "tenant": { "id": facts.tenant_id },
        "region": { "id": facts.region_id, "db_code": facts.db_code },
        "plans": { "free": facts.free_plan_id, "pro": facts.pro_plan_id },
    });
    credentials_file::replace(path, &format!("{json:#}\n"))
}

fn introduce(base_url: &str, facts: &DemoFacts) {
    let (id, secret) = (&facts.app.client_id, &facts.app.client_secret);
    say(&format!("Turnkeep serves {base_url}"));
    say("");
    introduce_dashboard(base_url, facts);
    say("Demo app");
    say(&format!("  client_id:     {id}"));
    say(&format!("  client_secret: {secret}"));
    say("Operator (management API)");
    say(&format!("  client_id:     {}", facts.operator.client_id));
    say(&format!("  client_secret: {}", facts.operator.client_secret));
    if let Some(denial) = facts.app_denied {
        say("");
        say(&format!("The demo app gets no token at the moment: {denial}."));
        say(&format!(
            "GET {base_url}/api/v1/apps/ID/explain tells more; docs/management.md says how to change it."
        ));
    }
    say("");
    say("In another terminal:");
    say("# 1. get a token");
    say(&format!(
        "TOKEN=$(curl -s -u '{id}:{secret}' -d grant_type=client_credentials {base_url}/connect/token \
         | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
    ));
    say("# 2. look into it");
    say("echo \"$TOKEN\" | cut -d. -f2 | tr '_-' '/+' | base64 -d 2>/dev/null; echo");
    say("# 3. ask the server about it");
    say(&format!("curl -s -u '{id}:{secret}' -d token=\"$TOKEN\" {base_url}/connect/introspect; echo"));
    say("");
    say("Stop with Ctrl-C.");
}

/// The way to an app of one's own: a link to become somebody, and the page that makes it, which is shown after signing in.
fn introduce_dashboard(base_url: &str, facts: &DemoFacts) {
    match &facts.way_in {
        WayIn::Link(link) => {
            say("Become the first operator in a browser, within 24 hours (the link works once)");
            say(&format!("  {}", link.expose()));
            say("Then make your own app");
        }
        WayIn::SignIn(operators) => {
            say(&format!("Sign in to the dashboard as {}", operators.join(" or ")));
            say(&format!("  {base_url}/dashboard"));
            say("Make your own app");
        }
    }
    say(&format!("  {base_url}/dashboard/tenants/{}/apps/new", facts.tenant_id));
}
