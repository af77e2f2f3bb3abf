//! From configuration to an authority over a migrated database, in an order that leaves nothing half-made.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_outbound::allow_list::AllowList;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings, HashingLimits};
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::keys::open_every_key::open_every_key;
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations::{self, SchemaState};
use turnkeep_storage_diesel::pool::PoolOptions;

use crate::configuration::DataConfiguration;
use crate::storage_probe::GuardedStorageProbe;
use crate::system::{SystemClock, SystemRandom};

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

/// Migrates the database, opens it, and makes sure that its keys open with the master key.
pub(crate) fn open_authority(
    data: &DataConfiguration,
    master_keys: MasterKeys,
    base_url: BaseUrl,
) -> anyhow::Result<Arc<Authority>> {
    let report = migrations::apply(&data.database).with_context(|| unusable(&data.database))?;
    for name in report.names {
        tracing::info!(migration = name, "migration applied");
    }
    let pool = PoolOptions { notifications: data.notifications, ..PoolOptions::default() };
    let connect = |pool: &PoolOptions| {
        DieselStore::connect(&data.database, pool).with_context(|| unusable(&data.database))
    };
    let store: Arc<dyn Store> = Arc::new(connect(&pool)?);
    let following: Arc<dyn Store> = match data.database.can_be_shared() {
        true => Arc::new(connect(&following(&pool))?),
        false => Arc::clone(&store),
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // For no other places than those on the list, as the probe sees to.
    let storage_plain_http = match data.storage_allow_list == AllowList::empty() {
        true => PlainHttp::Refused,
        false => PlainHttp::Allowed,
    };
    let settings = AuthoritySettings {
        hashing: HashingLimits { at_once: cores.saturating_sub(1).max(1), waiting: 64 },
        storage_plain_http,
        snapshot_apps: data.snapshot_apps,
        serve_stale: data.serve_stale,
        ..AuthoritySettings::default()
    };
    let parts = AuthorityParts {
        store,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        master_keys: Arc::new(master_keys),
        base_url,
        storage_probe: Arc::new(GuardedStorageProbe::new(data.storage_allow_list.clone())),
        settings,
    };
    let authority = Authority::following_through(parts, following);
    open_every_key(&authority).map_err(|fault| {
        anyhow!(fault).context(
            "the signing keys in this database do not open with this master key: use the key that belongs to it",
        )
    })?;
    Ok(Arc::new(authority))
}

/// A connection of its own for keeping in step, which gives up before the lease does.
fn following(pool: &PoolOptions) -> PoolOptions {
    let soon = Duration::from_secs(1);
    PoolOptions {
        connections: 1,
        connection_timeout: soon,
        lock_timeout: soon,
        statement_timeout: soon,
        ..pool.clone()
    }
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
