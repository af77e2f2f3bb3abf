//! Storage settings of apps. The secret key is sealed before it gets here.

use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::storage_config::StorageConfig;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Deleted, Inserted, Updated};

/// Storage settings with their sealed secret key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStorageConfig {
    /// The settings.
    pub config: StorageConfig,
    /// The tenant of the app.
    pub tenant_id: TenantId,
    /// The secret key, encrypted under a master key.
    pub sealed_secret_key: SealedSecretKey,
}

/// Encrypted bytes; they print as their length.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecretKey(pub Vec<u8>);

impl std::fmt::Debug for SealedSecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedSecretKey({} bytes)", self.0.len())
    }
}

/// Reads of storage settings.
pub trait StorageConfigReads {
    /// Those of an app.
    fn find_storage_config(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        app_id: AppId,
    ) -> StoreResult<Option<StoredStorageConfig>>;
    /// Those of every app of an instance, by app id after the given one: to seal them again under a new key.
    fn list_storage_configs(
        &mut self,
        instance_id: InstanceId,
        after: Option<AppId>,
        limit: u32,
    ) -> StoreResult<Vec<StoredStorageConfig>>;
}

/// Changes of storage settings.
pub trait StorageConfigWrites {
    /// Conflicts if the app has some.
    fn insert_storage_config(
        &mut self,
        instance_id: InstanceId,
        stored: &StoredStorageConfig,
    ) -> StoreResult<Inserted>;
    /// Writes everything that may change, if the stored version is `replacing`.
    fn update_storage_config(
        &mut self,
        instance_id: InstanceId,
        stored: &StoredStorageConfig,
        replacing: RecordVersion,
    ) -> StoreResult<Updated>;
    /// Removes those of an app.
    fn delete_storage_config(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        app_id: AppId,
    ) -> StoreResult<Deleted>;
}
