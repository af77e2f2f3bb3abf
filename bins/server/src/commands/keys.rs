//! `turnkeep keys`.

use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use serde_json::{Value, json};
use turnkeep_domain::audit::Actor;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::signing_key::{SigningKey, SigningKeyState};
use turnkeep_domain::slug::Slug;
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::keys::list_keys::list_keys;
use turnkeep_service::keys::reseal_keys::{ResealReport, reseal_keys};
use turnkeep_storage_diesel::migrations::SchemaState;

use crate::command_line::{KeysAction, ServerSettings, Settings};
use crate::commands::rotate_keys::{Rotation, rotate};
use crate::commands::serve::DEFAULT_DATA;
use crate::commands::{no_connection, no_server};
use crate::configuration::{DataConfiguration, ServerConfiguration};
use crate::master_key_file;
use crate::open_authority::{check_schema, ensure_folder, open_to_work_on, open_to_work_under};
use crate::remote::flags::{OutputFormat, RemoteFlags};
use crate::remote::outcome::RemoteError;
use crate::remote::output::Screen;
use crate::remote::table::Column;
use crate::system::say;

const COLUMNS: &[Column] = &[("KID", "kid"), ("ALG", "alg"), ("STATE", "state")];

/// Runs one of the actions.
pub(crate) fn run(remote: &RemoteFlags, action: &KeysAction) -> anyhow::Result<()> {
    match action {
        KeysAction::NewMasterKey { out } => {
            no_server(remote)?;
            if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                ensure_folder(folder)?;
            }
            master_key_file::create(out)?;
            say(&format!("a new master key is in {}", out.display()));
            say("keep a copy of it apart from backups of the database: neither is of use without the other");
            Ok(())
        }
        KeysAction::List { settings } => {
            no_connection(remote)?;
            list(remote, &*open_existing(settings)?)
        }
        KeysAction::Rotate { settings, alg, urgency, all_instances } => {
            no_connection(remote)?;
            let rotation = Rotation { alg: *alg, urgency: *urgency, all_instances: *all_instances };
            rotation.check_extent(remote)?;
            rotate(remote, &*open_existing(settings)?, rotation)
        }
        KeysAction::Reseal { settings } => {
            no_server(&RemoteFlags { output: None, ..remote.clone() })?;
            reseal(remote, &*open_existing(settings)?)
        }
    }
}

/// Opens an existing database; looking after it is no reason to make one.
pub(crate) fn open_existing(settings: &Settings) -> anyhow::Result<Arc<Authority>> {
    let data = DataConfiguration::read(settings, DEFAULT_DATA)?;
    let master_keys = master_key_file::read(&data.master_key_file)?;
    require_up_to_date(&data)?;
    Ok(Arc::clone(open_to_work_on(&data, master_keys)?.authority()))
}

/// [`open_existing`] for a command that makes links to the server that runs with these settings.
pub(crate) fn open_existing_under(settings: &ServerSettings) -> anyhow::Result<Arc<Authority>> {
    let configuration = ServerConfiguration::read(settings, DEFAULT_DATA)?;
    let base_url = configuration.base_url_at(configuration.listen)?;
    let master_keys = master_key_file::read(&configuration.data.master_key_file)?;
    require_up_to_date(&configuration.data)?;
    Ok(Arc::clone(open_to_work_under(&configuration.data, master_keys, base_url)?.authority()))
}

fn require_up_to_date(data: &DataConfiguration) -> anyhow::Result<()> {
    match check_schema(&data.database)? {
        SchemaState::UpToDate => Ok(()),
        SchemaState::Empty => {
            bail!("the database is empty: start the server once, or name another with --database")
        }
        SchemaState::Behind(_) | SchemaState::NewerThanBinary(_) => {
            bail!("the database has the schema of another version: run `turnkeep migrate` first")
        }
    }
}

fn list(remote: &RemoteFlags, authority: &Authority) -> anyhow::Result<()> {
    let keys = keys_of(authority, &instance(remote)?)?;
    let shown = keys.iter().map(|key| {
        json!({ "kid": key.id.to_string(), "alg": key.algorithm.as_str(), "state": state_name(key.state) })
    });
    let shown: Vec<Value> = shown.collect();
    let screen = Screen { format: remote.output.unwrap_or_default() };
    match screen.format {
        OutputFormat::Json => screen.json(json!({ "items": shown }).to_string().as_bytes()),
        OutputFormat::Table => screen.table(COLUMNS, &shown),
    }
    Ok(())
}

fn state_name(state: SigningKeyState) -> &'static str {
    match state {
        SigningKeyState::PrePublished => "published",
        SigningKeyState::Active { .. } => "active",
        SigningKeyState::Retiring { .. } => "retiring",
        SigningKeyState::Gone { .. } => "gone",
    }
}

/// The instance that was named, or the default one.
pub(crate) fn instance(remote: &RemoteFlags) -> anyhow::Result<Slug> {
    match &remote.instance {
        Some(slug) => Ok(slug.clone()),
        None => Slug::parse(DEFAULT_INSTANCE).map_err(|error| anyhow!("{error}")),
    }
}

/// Says what is now under the current master key, and whether the older ones can go.
fn reseal(remote: &RemoteFlags, authority: &Authority) -> anyhow::Result<()> {
    let report =
        reseal_keys(authority, Actor::CommandLine).context("not everything could be sealed again")?;
    let is_for_people = remote.output != Some(OutputFormat::Json);
    if is_for_people {
        show_reseal(&report);
    } else {
        say(&reseal_document(&report).to_string());
    }
    let left = [
        (report.audit_segments_left, "pruned stretches of audit trails"),
        (report.audit_heads_left, "ends of audit trails"),
    ];
    let left: Vec<String> =
        left.iter().filter(|(count, _)| 0 < *count).map(|(count, what)| format!("{count} {what}")).collect();
    if !left.is_empty() {
        let keys: Vec<String> = report.keys_of_seals_left.iter().map(ToString::to_string).collect();
        bail!(
            "{} have no genuine seal under the keys that are here, and keep the one they have (of {}): look into \
             them with `turnkeep audit verify`",
            left.join(" and "),
            keys.join(", ")
        );
    }
    if is_for_people {
        say("everything is under the master key on the first line: those below it can be removed");
    }
    Ok(())
}

fn reseal_document(report: &ResealReport) -> Value {
    let keys: Vec<String> = report.keys_of_seals_left.iter().map(ToString::to_string).collect();
    json!({
        "signing_keys": report.signing_keys,
        "storage_secret_keys": report.storage_secret_keys,
        "totp_secrets": report.totp_secrets,
        "audit_heads": report.audit_heads,
        "audit_segments": report.audit_segments,
        "audit_heads_left": report.audit_heads_left,
        "audit_segments_left": report.audit_segments_left,
        "keys_of_seals_left": keys,
        "secrets_with_older_macs": report.secrets_with_older_macs,
    })
}

fn show_reseal(report: &ResealReport) {
    for (what, count) in [
        ("signing keys", report.signing_keys),
        ("storage secret keys", report.storage_secret_keys),
        ("secrets of authenticator apps", report.totp_secrets),
        ("ends of audit trails", report.audit_heads),
        ("pruned stretches of audit trails", report.audit_segments),
    ] {
        say(&format!("{count:>6}  {what} sealed again"));
    }
    if 0 < report.secrets_with_older_macs {
        say(&format!(
            "{:>6}  client secrets have their fast check under an older key: it is made anew when they are next used",
            report.secrets_with_older_macs
        ));
    }
}

fn keys_of(authority: &Authority, instance: &Slug) -> anyhow::Result<Vec<SigningKey>> {
    list_keys(authority, instance).map_err(|failure| match failure {
        Failure::Denied(_) => RemoteError::NotFound("there is no instance with this slug").into(),
        Failure::Fault(fault) => anyhow!(fault),
    })
}
