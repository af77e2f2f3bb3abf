//! Tenants.

use turnkeep_domain::filter::TenantFilter;
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};
use turnkeep_domain::page::Page;

/// Reads of tenants.
pub trait TenantReads {
    /// By instance and id.
    fn find_tenant(&mut self, instance_id: InstanceId, id: TenantId) -> StoreResult<Option<Tenant>>;
    /// Those of these ids that there are, in no certain order.
    fn find_tenants(&mut self, instance_id: InstanceId, ids: &[TenantId]) -> StoreResult<Vec<Tenant>>;
    /// Their sort name is the uniqueness key of the tenant's name.
    fn list_tenants(
        &mut self,
        instance_id: InstanceId,
        filter: &TenantFilter,
        page: &Page<TenantId>,
    ) -> StoreResult<Vec<Tenant>>;
}

/// Changes of tenants.
pub trait TenantWrites {
    /// Conflicts on the name within the instance.
    fn insert_tenant(&mut self, tenant: &Tenant) -> StoreResult<Inserted>;
    /// Writes everything that may change, if the stored version is `replacing`. The caller has made sure that
    /// the name is free.
    fn update_tenant(&mut self, tenant: &Tenant, replacing: RecordVersion) -> StoreResult<Updated>;
    /// Whether another tenant of the instance has a name with this uniqueness key.
    fn tenant_name_taken(
        &mut self,
        instance_id: InstanceId,
        name_key: &str,
        except: Option<TenantId>,
    ) -> StoreResult<bool>;
}
