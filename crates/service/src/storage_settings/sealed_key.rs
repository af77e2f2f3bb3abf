//! The secret key at rest: sealed for one record of one instance, so that moved elsewhere it does not open.

use turnkeep_domain::id::{InstanceId, StorageConfigId};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::storage_config::{SealedSecretKey, StoredStorageConfig};
use turnkeep_token::sealing::{SealError, SealedBytes, SealingPurpose, associated_data, open, seal};

use crate::authority::Authority;
use crate::failure::Fault;
use crate::storage_settings::secret_key::StorageSecretKey;

fn place(instance_id: InstanceId, id: StorageConfigId) -> Vec<u8> {
    associated_data(SealingPurpose::StorageSecretKey, instance_id, id.as_bytes())
}

/// Seals the secret key of a record under the current master key.
pub(crate) fn seal_secret_key(
    authority: &Authority,
    instance_id: InstanceId,
    id: StorageConfigId,
    key: &StorageSecretKey,
) -> Result<SealedSecretKey, Fault> {
    let place = place(instance_id, id);
    let sealed = seal(&authority.master_keys, &*authority.random, &place, key.expose().as_bytes())?;
    Ok(SealedSecretKey(sealed.into_bytes()))
}

/// Opens it under any of the master keys.
pub(crate) fn open_secret_key(
    authority: &Authority,
    instance_id: InstanceId,
    stored: &StoredStorageConfig,
) -> Result<StorageSecretKey, Fault> {
    let sealed = SealedBytes::from_stored(stored.sealed_secret_key.0.clone());
    let opened = open(&authority.master_keys, &place(instance_id, stored.config.id), &sealed)?;
    let text = std::str::from_utf8(&opened).map_err(|_| SealError::Corrupt)?;
    let key = StorageSecretKey::parse(PlaintextSecret::new(text.to_owned()));
    Ok(key.map_err(|_| SealError::Corrupt)?)
}

/// The same secret key under the current master key; `None` if that is what it is under.
pub(crate) fn resealed(
    authority: &Authority,
    instance_id: InstanceId,
    stored: &StoredStorageConfig,
) -> Result<Option<SealedSecretKey>, Fault> {
    let sealed = SealedBytes::from_stored(stored.sealed_secret_key.0.clone());
    if sealed.master_key_id() == Some(authority.master_keys.current_id()) {
        return Ok(None);
    }
    let key = open_secret_key(authority, instance_id, stored)?;
    seal_secret_key(authority, instance_id, stored.config.id, &key).map(Some)
}
