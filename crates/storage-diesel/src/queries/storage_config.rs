//! Queries of storage settings.

use diesel::prelude::*;
use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::storage_config::{StorageConfigReads, StorageConfigWrites, StoredStorageConfig};

use crate::per_backend::{deleted, insert_unless_conflict, inserted, updated};
use crate::queries::keyset::{after, limit as page_limit};
use crate::records::storage_config::StorageConfigRow;
use crate::schema::storage_configs;
use crate::session::Session;

impl StorageConfigReads for Session<'_> {
    fn find_storage_config(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        app_id: AppId,
    ) -> StoreResult<Option<StoredStorageConfig>> {
        let query = storage_configs::table
            .filter(storage_configs::instance_id.eq(instance_id.as_bytes()))
            .filter(storage_configs::tenant_id.eq(tenant_id.as_bytes()))
            .filter(storage_configs::app_id.eq(app_id.as_bytes()))
            .select(StorageConfigRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(StorageConfigRow::into_stored).transpose()
    }

    fn list_storage_configs(
        &mut self,
        instance_id: InstanceId,
        after_app: Option<AppId>,
        limit: u32,
    ) -> StoreResult<Vec<StoredStorageConfig>> {
        let query = storage_configs::table
            .filter(storage_configs::instance_id.eq(instance_id.as_bytes()))
            .filter(storage_configs::app_id.gt(after(after_app.as_ref().map(AppId::as_bytes))))
            .order(storage_configs::app_id)
            .limit(page_limit(limit))
            .select(StorageConfigRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(StorageConfigRow::into_stored).collect()
    }
}

impl StorageConfigWrites for Session<'_> {
    fn insert_storage_config(
        &mut self,
        instance_id: InstanceId,
        stored: &StoredStorageConfig,
    ) -> StoreResult<Inserted> {
        let row = StorageConfigRow::new(instance_id, stored);
        self.run(|c| insert_unless_conflict!(c, storage_configs::table, &row)).map(inserted)
    }

    fn update_storage_config(
        &mut self,
        instance_id: InstanceId,
        stored: &StoredStorageConfig,
        replacing: RecordVersion,
    ) -> StoreResult<Updated> {
        let row = storage_configs::table
            .filter(storage_configs::instance_id.eq(instance_id.as_bytes()))
            .filter(storage_configs::tenant_id.eq(stored.tenant_id.as_bytes()))
            .filter(storage_configs::app_id.eq(stored.config.app_id.as_bytes()))
            .filter(storage_configs::version.eq(replacing.as_number()));
        let changes = StorageConfigRow::new(instance_id, stored).changes;
        self.run(|c| diesel::update(row).set(&changes).execute(c)).map(updated)
    }

    fn delete_storage_config(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        app_id: AppId,
    ) -> StoreResult<Deleted> {
        let row = storage_configs::table
            .filter(storage_configs::instance_id.eq(instance_id.as_bytes()))
            .filter(storage_configs::tenant_id.eq(tenant_id.as_bytes()))
            .filter(storage_configs::app_id.eq(app_id.as_bytes()));
        self.run(|c| diesel::delete(row).execute(c)).map(deleted)
    }
}
