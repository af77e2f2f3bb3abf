//! Rows of `storage_configs`.

use diesel::prelude::*;
use turnkeep_domain::id::{AppId, InstanceId, StorageConfigId, TenantId};
use turnkeep_domain::storage_config::{
    LastStorageCheck, StorageCheckOutcome, StorageConfig, StorageFields, StorageSettings,
};
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::storage_provider::StorageProvider;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::storage_config::{SealedSecretKey, StoredStorageConfig};

use super::cell::{Cell, cell};
use crate::schema::storage_configs;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = storage_configs)]
pub(crate) struct StorageConfigRow {
    instance_id: Vec<u8>,
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    id: Vec<u8>,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: StorageConfigChanges,
}

/// What may change about storage settings.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = storage_configs, treat_none_as_null = true)]
pub(crate) struct StorageConfigChanges {
    provider: String,
    bucket: String,
    access_key: String,
    sealed_secret_key: Vec<u8>,
    endpoint: String,
    region: String,
    checked_at: Option<i64>,
    check_outcome: Option<String>,
    updated_at: i64,
    version: i64,
}

const fn at(column: &'static str) -> Cell {
    cell("storage_configs", column)
}

impl StorageConfigRow {
    pub(crate) fn new(instance_id: InstanceId, stored: &StoredStorageConfig) -> Self {
        let (config, settings) = (&stored.config, &stored.config.settings);
        Self {
            instance_id: instance_id.as_bytes().to_vec(),
            tenant_id: stored.tenant_id.as_bytes().to_vec(),
            app_id: config.app_id.as_bytes().to_vec(),
            id: config.id.as_bytes().to_vec(),
            created_at: config.created_at.as_micros(),
            changes: StorageConfigChanges {
                provider: settings.provider().as_str().to_owned(),
                bucket: settings.bucket().as_str().to_owned(),
                access_key: settings.access_key().as_str().to_owned(),
                sealed_secret_key: stored.sealed_secret_key.0.clone(),
                endpoint: settings.endpoint().as_str().to_owned(),
                region: settings.region().as_str().to_owned(),
                checked_at: config.last_check.map(|check| check.at.as_micros()),
                check_outcome: config.last_check.map(|check| check.outcome.as_str().to_owned()),
                updated_at: config.updated_at.as_micros(),
                version: config.version.as_number(),
            },
        }
    }

    pub(crate) fn into_stored(self) -> StoreResult<StoredStorageConfig> {
        let config = StorageConfig {
            id: StorageConfigId::from_bytes(at("id").bytes(&self.id)?),
            app_id: AppId::from_bytes(at("app_id").bytes(&self.app_id)?),
            settings: self.changes.settings()?,
            last_check: self.changes.last_check()?,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.changes.updated_at),
            version: RecordVersion::from_number(self.changes.version),
        };
        Ok(StoredStorageConfig {
            config,
            tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&self.tenant_id)?),
            sealed_secret_key: SealedSecretKey(self.changes.sealed_secret_key),
        })
    }
}

impl StorageConfigChanges {
    fn settings(&self) -> StoreResult<StorageSettings> {
        let provider = at("provider").valid(StorageProvider::parse(&self.provider))?;
        let fields = StorageFields {
            bucket: &self.bucket,
            access_key: &self.access_key,
            endpoint: Some(&self.endpoint),
            region: Some(&self.region),
            // Whether it was allowed was decided when it was saved.
            plain_http: PlainHttp::Allowed,
        };
        at("endpoint").valid(StorageSettings::new(provider, &fields))
    }

    fn last_check(&self) -> StoreResult<Option<LastStorageCheck>> {
        let (checked_at, outcome) = match (self.checked_at, &self.check_outcome) {
            (None, None) => return Ok(None),
            (Some(checked_at), Some(outcome)) => (checked_at, outcome),
            (Some(_), None) | (None, Some(_)) => return Err(at("check_outcome").corrupt()),
        };
        let outcome = at("check_outcome").present(StorageCheckOutcome::parse(outcome))?;
        Ok(Some(LastStorageCheck { at: Timestamp::from_micros(checked_at), outcome }))
    }
}
