//! Everything that the prototype knows, read from the database once.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use turnkeep_domain::app::App;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::plan::Plan;
use turnkeep_domain::resource::Resource;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_secret::mac::MacKeys;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::store::Reads;

use crate::data_folder::DataFolder;

/// An app and its one secret.
pub(super) struct Remembered {
    pub(super) app: App,
    pub(super) secret: StoredSecret,
}

/// The apps by client id, and what their tokens need besides.
pub(super) struct Memory {
    pub(super) apps: HashMap<String, Remembered>,
    pub(super) resources: HashMap<SigningAlgorithm, Resource>,
    pub(super) plan: Option<Plan>,
    pub(super) mac_keys: MacKeys,
    pub(super) sequence: ChangeSequence,
}

impl Memory {
    /// Reads a folder that `seed` filled, but not more apps than told, in the order of the request bodies. The
    /// database is closed when this returns.
    pub(super) fn load(data: &Path, most: usize) -> anyhow::Result<Self> {
        let folder = DataFolder::filled(data);
        let client_ids = folder.client_ids(most)?;
        let mac_keys = MacKeys::new(&folder.master_keys()?);
        let default = Slug::parse(DEFAULT_INSTANCE)?;
        let loaded = folder.store()?.read(|reads| {
            let Some(instance) = reads.find_instance_by_slug(&default)? else {
                return Ok(None);
            };
            Ok(Some(Self {
                apps: load_apps(reads, instance.id, &client_ids)?,
                resources: load_resources(reads, instance.id)?,
                plan: reads.list_plans(instance.id)?.pop(),
                mac_keys,
                sequence: reads.change_sequence()?,
            }))
        })?;
        loaded.context("the database is empty")
    }
}

fn load_apps(
    reads: &mut dyn Reads,
    instance_id: InstanceId,
    client_ids: &[ClientId],
) -> StoreResult<HashMap<String, Remembered>> {
    let mut apps = HashMap::with_capacity(client_ids.len());
    for client_id in client_ids {
        let Some(app) = reads.find_app_by_client_id(instance_id, client_id)? else { continue };
        if let Some(secret) = reads.list_secrets(app.tenant_id, app.id)?.pop() {
            apps.insert(client_id.to_string(), Remembered { app, secret });
        }
    }
    Ok(apps)
}

/// The management API's resource has an algorithm too, but comes first and is replaced.
fn load_resources(
    reads: &mut dyn Reads,
    instance_id: InstanceId,
) -> StoreResult<HashMap<SigningAlgorithm, Resource>> {
    let found = reads.list_resources(instance_id)?;
    Ok(found.into_iter().map(|resource| (resource.signing_algorithm, resource)).collect())
}
