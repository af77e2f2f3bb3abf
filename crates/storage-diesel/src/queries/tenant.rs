//! Queries of tenants.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use turnkeep_domain::filter::TenantFilter;
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::page::Page;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::tenant::{TenantReads, TenantWrites};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::queries::keyset::{containing, other_than, page};
use crate::records::tenant::TenantRow;
use crate::records::word::Word;
use crate::schema::tenants;
use crate::session::Session;

/// How many ids one query names: each is a parameter, of which every database has a limit.
const IDS_AT_ONCE: usize = 500;

impl TenantReads for Session<'_> {
    fn find_tenant(&mut self, instance_id: InstanceId, id: TenantId) -> StoreResult<Option<Tenant>> {
        let query = tenants::table
            .filter(tenants::instance_id.eq(instance_id.as_bytes()))
            .filter(tenants::id.eq(id.as_bytes()))
            .select(TenantRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(TenantRow::into_domain).transpose()
    }

    fn find_tenants(&mut self, instance_id: InstanceId, ids: &[TenantId]) -> StoreResult<Vec<Tenant>> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(IDS_AT_ONCE) {
            let ids: Vec<Vec<u8>> = some.iter().map(|id| id.as_bytes().to_vec()).collect();
            let query = tenants::table
                .filter(tenants::instance_id.eq(instance_id.as_bytes()))
                .filter(tenants::id.eq_any(ids))
                .select(TenantRow::as_select());
            let rows = self.run(|c| query.load(c))?;
            let tenants: StoreResult<Vec<Tenant>> = rows.into_iter().map(TenantRow::into_domain).collect();
            found.extend(tenants?);
        }
        Ok(found)
    }

    fn list_tenants(
        &mut self,
        instance_id: InstanceId,
        filter: &TenantFilter,
        page: &Page<TenantId>,
    ) -> StoreResult<Vec<Tenant>> {
        let mut query = tenants::table
            .filter(tenants::instance_id.eq(instance_id.as_bytes().to_vec()))
            .select(TenantRow::as_select())
            .into_boxed();
        if let Some(search) = &filter.search {
            query = query.filter(containing!(tenants::name_key, search.key().to_owned()));
        }
        if let Some(state) = filter.state {
            query = query.filter(tenants::state.eq(state.word()));
        }
        let query = page!(query, tenants::id, tenants::name_key, page);
        self.run(|c| query.load(c))?.into_iter().map(TenantRow::into_domain).collect()
    }
}

impl TenantWrites for Session<'_> {
    fn insert_tenant(&mut self, tenant: &Tenant) -> StoreResult<Inserted> {
        let row = TenantRow::from(tenant);
        self.run(|c| insert_unless_conflict!(c, tenants::table, &row)).map(inserted)
    }

    fn update_tenant(&mut self, tenant: &Tenant, replacing: RecordVersion) -> StoreResult<Updated> {
        let stored = tenants::table
            .filter(tenants::instance_id.eq(tenant.instance_id.as_bytes()))
            .filter(tenants::id.eq(tenant.id.as_bytes()))
            .filter(tenants::version.eq(replacing.as_number()));
        let changes = TenantRow::from(tenant).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }

    fn tenant_name_taken(
        &mut self,
        instance_id: InstanceId,
        name_key: &str,
        except: Option<TenantId>,
    ) -> StoreResult<bool> {
        let others = tenants::table
            .filter(tenants::instance_id.eq(instance_id.as_bytes()))
            .filter(tenants::name_key.eq(name_key))
            .filter(tenants::id.ne(other_than(except.as_ref().map(TenantId::as_bytes))));
        self.run(|c| select(exists(others)).get_result(c))
    }
}
