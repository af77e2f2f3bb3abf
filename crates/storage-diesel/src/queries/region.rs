//! Queries of regions and their databases.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, RegionDatabaseId, RegionId};
use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::region::{RegionReads, RegionWrites};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::region::RegionRow;
use crate::records::region_database::RegionDatabaseRow;
use crate::records::word::Word;
use crate::schema::{region_databases, regions};
use crate::session::Session;

impl RegionReads for Session<'_> {
    fn find_region(&mut self, instance_id: InstanceId, id: RegionId) -> StoreResult<Option<Region>> {
        let query = regions::table
            .filter(regions::instance_id.eq(instance_id.as_bytes()))
            .filter(regions::id.eq(id.as_bytes()))
            .select(RegionRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(RegionRow::into_domain).transpose()
    }

    fn find_region_by_code(&mut self, instance_id: InstanceId, code: &Slug) -> StoreResult<Option<Region>> {
        let query = regions::table
            .filter(regions::instance_id.eq(instance_id.as_bytes()))
            .filter(regions::slug.eq(code.as_str()))
            .select(RegionRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(RegionRow::into_domain).transpose()
    }

    fn list_regions(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Region>> {
        let query = regions::table
            .filter(regions::instance_id.eq(instance_id.as_bytes()))
            .order(regions::id)
            .select(RegionRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(RegionRow::into_domain).collect()
    }

    fn find_region_database(
        &mut self,
        instance_id: InstanceId,
        id: RegionDatabaseId,
    ) -> StoreResult<Option<RegionDatabase>> {
        let query = region_databases::table
            .filter(region_databases::instance_id.eq(instance_id.as_bytes()))
            .filter(region_databases::id.eq(id.as_bytes()))
            .select(RegionDatabaseRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(RegionDatabaseRow::into_domain).transpose()
    }

    fn list_region_databases(
        &mut self,
        instance_id: InstanceId,
        region_id: RegionId,
    ) -> StoreResult<Vec<RegionDatabase>> {
        let query = region_databases::table
            .filter(region_databases::instance_id.eq(instance_id.as_bytes()))
            .filter(region_databases::region_id.eq(region_id.as_bytes()))
            .order(region_databases::id)
            .select(RegionDatabaseRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(RegionDatabaseRow::into_domain).collect()
    }
}

impl RegionWrites for Session<'_> {
    fn insert_region(&mut self, region: &Region) -> StoreResult<Inserted> {
        let row = RegionRow::from(region);
        self.run(|c| insert_unless_conflict!(c, regions::table, &row)).map(inserted)
    }

    fn update_region(&mut self, region: &Region, replacing: RecordVersion) -> StoreResult<Updated> {
        let stored = regions::table
            .filter(regions::instance_id.eq(region.instance_id.as_bytes()))
            .filter(regions::id.eq(region.id.as_bytes()))
            .filter(regions::version.eq(replacing.as_number()));
        let changes = RegionRow::from(region).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }

    fn insert_region_database(
        &mut self,
        instance_id: InstanceId,
        database: &RegionDatabase,
    ) -> StoreResult<Inserted> {
        let row = RegionDatabaseRow::new(instance_id, database);
        self.run(|c| insert_unless_conflict!(c, region_databases::table, &row)).map(inserted)
    }

    fn update_region_database(
        &mut self,
        instance_id: InstanceId,
        database: &RegionDatabase,
        replacing: RecordVersion,
    ) -> StoreResult<Updated> {
        let stored = region_databases::table
            .filter(region_databases::instance_id.eq(instance_id.as_bytes()))
            .filter(region_databases::id.eq(database.id.as_bytes()))
            .filter(region_databases::version.eq(replacing.as_number()));
        let changes = RegionDatabaseRow::new(instance_id, database).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }

    // The count is no part of what the version locks: an operator's edit must not fail because an app was made.

    fn take_room(&mut self, instance_id: InstanceId, id: RegionDatabaseId) -> StoreResult<Updated> {
        let with_room = region_databases::table
            .filter(region_databases::instance_id.eq(instance_id.as_bytes()))
            .filter(region_databases::id.eq(id.as_bytes()))
            .filter(region_databases::availability.eq(Availability::Active.word()))
            .filter(region_databases::app_count.lt(region_databases::capacity));
        let one_more = region_databases::app_count.eq(region_databases::app_count + 1);
        self.run(|c| diesel::update(with_room).set(one_more).execute(c)).map(updated)
    }

    fn release_room(&mut self, instance_id: InstanceId, id: RegionDatabaseId) -> StoreResult<Updated> {
        let in_use = region_databases::table
            .filter(region_databases::instance_id.eq(instance_id.as_bytes()))
            .filter(region_databases::id.eq(id.as_bytes()))
            .filter(region_databases::app_count.gt(0));
        let one_less = region_databases::app_count.eq(region_databases::app_count - 1);
        self.run(|c| diesel::update(in_use).set(one_less).execute(c)).map(updated)
    }
}
