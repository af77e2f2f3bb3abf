//! Queries of instances.

use diesel::prelude::*;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::instance::{InstanceReads, InstanceWrites};
use turnkeep_storage::outcome::{Inserted, Updated};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::instance::InstanceRow;
use crate::schema::instances;
use crate::session::Session;

impl InstanceReads for Session<'_> {
    fn find_instance(&mut self, id: InstanceId) -> StoreResult<Option<Instance>> {
        let query = instances::table.filter(instances::id.eq(id.as_bytes())).select(InstanceRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(InstanceRow::into_domain).transpose()
    }

    fn find_instance_by_slug(&mut self, slug: &Slug) -> StoreResult<Option<Instance>> {
        let query =
            instances::table.filter(instances::slug.eq(slug.as_str())).select(InstanceRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(InstanceRow::into_domain).transpose()
    }

    fn list_instances(&mut self) -> StoreResult<Vec<Instance>> {
        let query = instances::table.order(instances::id).select(InstanceRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(InstanceRow::into_domain).collect()
    }
}

impl InstanceWrites for Session<'_> {
    fn insert_instance(&mut self, instance: &Instance) -> StoreResult<Inserted> {
        let row = InstanceRow::from(instance);
        self.run(|c| insert_unless_conflict!(c, instances::table, &row)).map(inserted)
    }

    fn update_instance(&mut self, instance: &Instance, replacing: RecordVersion) -> StoreResult<Updated> {
        let stored = instances::table
            .filter(instances::id.eq(instance.id.as_bytes()))
            .filter(instances::version.eq(replacing.as_number()));
        let changes = InstanceRow::from(instance).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }
}
