//! Regions and their databases.

use turnkeep_domain::id::{InstanceId, RegionDatabaseId, RegionId};
use turnkeep_domain::region::{Region, RegionDatabase};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of regions and their databases.
pub trait RegionReads {
    /// By instance and id.
    fn find_region(&mut self, instance_id: InstanceId, id: RegionId) -> StoreResult<Option<Region>>;
    /// By instance and code.
    fn find_region_by_code(&mut self, instance_id: InstanceId, code: &Slug) -> StoreResult<Option<Region>>;
    /// All of an instance, in the order of creation.
    fn list_regions(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Region>>;
    /// By instance and id.
    fn find_region_database(
        &mut self,
        instance_id: InstanceId,
        id: RegionDatabaseId,
    ) -> StoreResult<Option<RegionDatabase>>;
    /// All databases of a region, in the order of creation.
    fn list_region_databases(
        &mut self,
        instance_id: InstanceId,
        region_id: RegionId,
    ) -> StoreResult<Vec<RegionDatabase>>;
}

/// Changes of regions and their databases.
pub trait RegionWrites {
    /// Conflicts on the code within the instance.
    fn insert_region(&mut self, region: &Region) -> StoreResult<Inserted>;
    /// Writes everything that may change, if the stored version is `replacing`.
    fn update_region(&mut self, region: &Region, replacing: RecordVersion) -> StoreResult<Updated>;
    /// Conflicts on the database code within the instance.
    fn insert_region_database(
        &mut self,
        instance_id: InstanceId,
        database: &RegionDatabase,
    ) -> StoreResult<Inserted>;
    /// Writes availability, capacity and app count, if the stored version is `replacing`.
    fn update_region_database(
        &mut self,
        instance_id: InstanceId,
        database: &RegionDatabase,
        replacing: RecordVersion,
    ) -> StoreResult<Updated>;
    /// Counts one app more; `Stale` if the database is full or takes none.
    fn take_room(&mut self, instance_id: InstanceId, id: RegionDatabaseId) -> StoreResult<Updated>;
    /// Counts one app less.
    fn release_room(&mut self, instance_id: InstanceId, id: RegionDatabaseId) -> StoreResult<Updated>;
}
