//! `turnkeep serve`.

use std::path::Path;

use anyhow::{Context, bail};
use turnkeep_service::first_start::OperatorCredentials;

use crate::command_line::ServeArguments;
use crate::configuration::ServerConfiguration;
use crate::open_authority::{check_schema, ensure_folder, open_to_serve};
use crate::run_server::{listen, serve};
use crate::trace_export::exporter::TraceExport;
use crate::{credentials_file, logging, master_key_file, system};

/// Where `serve` keeps its files if it is not told.
pub(crate) const DEFAULT_DATA: &str = "turnkeep-data";

/// Runs the server.
pub(crate) fn run(arguments: &ServeArguments) -> anyhow::Result<()> {
    let configuration = ServerConfiguration::read(&arguments.settings, DEFAULT_DATA)?;
    let traces = configuration.traces.as_ref().map(TraceExport::start).transpose()?;
    logging::start(&configuration.log, configuration.log_format, traces.as_ref())?;
    let master_keys = master_key_file::read(&configuration.data.master_key_file)?;
    require_new(arguments.operator_credentials.as_deref())?;
    check_schema(&configuration.data.database)?;
    let listener = listen(configuration.listen)?;
    if configuration
        .data
        .database
        .sqlite_path()
        .is_some_and(|path| path.starts_with(&configuration.data.data))
    {
        ensure_folder(&configuration.data.data)?;
    }
    let address = listener.local_addr().context("cannot tell which port was taken")?;
    let base_url = configuration.base_url_at(address)?;
    let turnkeep = open_to_serve(&configuration, master_keys, base_url.clone())?;
    match turnkeep.first_start().context("the first start failed")? {
        Some(credentials) => {
            hand_over(
                "first start: this is the operator's app",
                &credentials,
                arguments.operator_credentials.as_deref(),
            )?;
            hand_over_link(&credentials);
        }
        None if arguments.operator_credentials.is_some() => {
            system::say(
                "not the first start: there are no credentials to write (see `turnkeep operator recover`)",
            );
        }
        None => {}
    }
    serve(&configuration, turnkeep, vec![listener], traces, || {
        system::say(&format!("turnkeep serves {} on {address}", base_url.as_str()));
        Ok(())
    })
}

/// Refuses to go on if credentials could not be written where they should.
pub(crate) fn require_new(file: Option<&Path>) -> anyhow::Result<()> {
    match file {
        Some(path) if path.exists() => {
            bail!("{} exists already; credentials are never overwritten", path.display())
        }
        Some(_) | None => Ok(()),
    }
}

/// Shows an operator's credentials once, or puts them into a new file.
pub(crate) fn hand_over(
    occasion: &str,
    credentials: &OperatorCredentials,
    file: Option<&Path>,
) -> anyhow::Result<()> {
    match file {
        Some(path) => {
            credentials_file::write_new(path, &format!("{:#}\n", as_json(credentials)))?;
            system::say(&format!("{occasion}; its credentials are in {}", path.display()));
        }
        None => {
            system::say(&format!("{occasion}; its secret is shown only now"));
            system::say(&format!("  client_id:     {}", credentials.client_id));
            system::say(&format!("  client_secret: {}", credentials.client_secret.expose()));
        }
    }
    Ok(())
}

/// The same for programs. A secret that is in a file is not shown.
pub(crate) fn hand_over_as_json(
    credentials: &OperatorCredentials,
    file: Option<&Path>,
) -> anyhow::Result<()> {
    let shown = as_json(credentials);
    let Some(path) = file else {
        system::say(&shown.to_string());
        return Ok(());
    };
    credentials_file::write_new(path, &format!("{shown:#}\n"))?;
    let (client_id, file) = (credentials.client_id.as_str(), path.display().to_string());
    system::say(&serde_json::json!({ "client_id": client_id, "credentials_file": file }).to_string());
    Ok(())
}

fn as_json(credentials: &OperatorCredentials) -> serde_json::Value {
    let OperatorCredentials { client_id, client_secret, first_operator_link: _ } = credentials;
    serde_json::json!({ "client_id": client_id.as_str(), "client_secret": client_secret.expose() })
}

/// Shows the link of the first operator, once: it is of use to a person only, so it goes into no file.
pub(crate) fn hand_over_link(credentials: &OperatorCredentials) {
    if let Some(link) = &credentials.first_operator_link {
        system::say(
            "make yourself the first operator within 24 hours; this link is shown only now and works once",
        );
        system::say(&format!("  {}", link.expose()));
    }
}
