//! From configuration to an authority over a migrated database, in an order that leaves nothing half-made.

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use turnkeep_embed::open_error::OpenError;
use turnkeep_embed::settings::EmbedSettings;
use turnkeep_embed::turnkeep::Turnkeep;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_service::issuer::BaseUrl;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::migrations::{self, SchemaState};

use crate::configuration::{DataConfiguration, ServerConfiguration};

/// Makes the data folder if there is none. Its files are for their owner only.
pub(crate) fn ensure_folder(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| {
        format!("cannot make the data folder {}: choose another with --data", path.display())
    })
}

/// Refuses a database that a newer version has migrated, before anything is touched.
pub(crate) fn check_schema(database: &DatabaseUrl) -> anyhow::Result<SchemaState> {
    let state = migrations::state(database).with_context(|| unusable(database))?;
    if let SchemaState::NewerThanBinary(version) = &state {
        bail!(
            "the database was migrated to {version} by a newer version of turnkeep: run that version, \
             or restore a backup from before it"
        );
    }
    Ok(state)
}

/// Opens what a server serves.
pub(crate) fn open_to_serve(
    configuration: &ServerConfiguration,
    master_keys: MasterKeys,
    base_url: BaseUrl,
) -> anyhow::Result<Turnkeep> {
    let mut settings = settings(&configuration.data, master_keys, base_url);
    settings.audit_retention = configuration.audit_retention;
    let protection = &configuration.protection;
    settings.web.rate_limits = protection.rate_limits.clone();
    settings.token_quota = protection.token_quota;
    settings.shared_limits = protection.shared_limits.clone();
    settings.web.failure_guard = protection.failures;
    settings.web.run_queue = protection.queue;
    settings.guard.thresholds = protection.thresholds;
    settings.guard.recording = protection.recording.clone();
    settings.web.trusted_proxies = configuration.trusted_proxies.clone();
    open(settings)
}

/// Opens what a command works on while no server, or another one, serves it.
pub(crate) fn open_to_work_on(data: &DataConfiguration, master_keys: MasterKeys) -> anyhow::Result<Turnkeep> {
    // No token is issued here, so nobody sees this issuer.
    let nowhere = BaseUrl::parse("http://localhost").map_err(|error| anyhow!("{error}"))?;
    open_to_work_under(data, master_keys, nowhere)
}

/// The same for a command that makes links to the server.
pub(crate) fn open_to_work_under(
    data: &DataConfiguration,
    master_keys: MasterKeys,
    base_url: BaseUrl,
) -> anyhow::Result<Turnkeep> {
    open(settings(data, master_keys, base_url))
}

fn settings(data: &DataConfiguration, master_keys: MasterKeys, base_url: BaseUrl) -> EmbedSettings {
    EmbedSettings {
        notifications: data.notifications,
        serve_stale: data.serve_stale,
        snapshot_apps: data.snapshot_apps,
        storage_allow_list: data.storage_allow_list.clone(),
        logout_allow_list: data.logout_allow_list.clone(),
        mail: data.mail.clone(),
        ..EmbedSettings::new(base_url, data.database.clone(), master_keys)
    }
}

fn open(settings: EmbedSettings) -> anyhow::Result<Turnkeep> {
    let database = settings.database.clone();
    Turnkeep::open(settings).map_err(|error| match error {
        OpenError::Migration(error) => anyhow!(error).context(unusable(&database)),
        OpenError::Connect(error) => anyhow!(error).context(unusable(&database)),
        OpenError::Mail(error) => anyhow!(error).context("mail cannot be sent as the settings say"),
        OpenError::SharedLimits(error) => anyhow!(error).context("shared_limits cannot be used"),
        OpenError::MasterKeys(fault) => anyhow!(fault).context(
            "the signing keys in this database do not open with this master key: use the key that belongs to it",
        ),
    })
}

fn unusable(database: &DatabaseUrl) -> String {
    match database.sqlite_path() {
        Some(path) => format!(
            "cannot use the database {}: it must be a database of turnkeep in a folder that can be written; \
             --data or --database names another",
            path.display()
        ),
        None => {
            "cannot use the PostgreSQL database: check that it runs and that `database` is right".to_owned()
        }
    }
}
