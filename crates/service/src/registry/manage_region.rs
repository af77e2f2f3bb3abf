//! Reading and changing regions and their databases. Everybody may read, since apps choose among them.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{RegionDatabaseId, RegionId};
use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{changed, region_attributes, region_database_attributes};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// What an operator may change about a region; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct RegionChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// Whether it takes new apps.
    pub availability: Option<Availability>,
}

/// What an operator may change about a region database; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct RegionDatabaseChanges {
    /// How many apps it can hold; not fewer than it does.
    pub capacity: Option<u32>,
    /// Whether it takes new apps.
    pub availability: Option<Availability>,
}

/// All regions of the instance.
pub fn list_regions(context: &RegistryContext<'_>) -> RegistryResult<Vec<Region>> {
    context.require_read("region.read", None, Permission::ReadCatalog)?;
    Ok(context.authority.store.read(|reads| reads.list_regions(context.instance_id))?)
}

/// One region.
pub fn find_region(context: &RegistryContext<'_>, id: RegionId) -> RegistryResult<Region> {
    context.require_read("region.read", Some(&id), Permission::ReadCatalog)?;
    context.read(|reads| existing_region(context, reads, id))
}

/// All databases of a region. Operators only: how full they are concerns nobody else.
pub fn list_region_databases(
    context: &RegistryContext<'_>,
    id: RegionId,
) -> RegistryResult<Vec<RegionDatabase>> {
    context.require_read("region_database.read", Some(&id), Permission::Operate)?;
    context.read(|reads| {
        let region = existing_region(context, reads, id)?;
        Ok(reads.list_region_databases(context.instance_id, region.id)?)
    })
}

/// One database of a region, for operators.
pub fn find_region_database(
    context: &RegistryContext<'_>,
    region_id: RegionId,
    id: RegionDatabaseId,
) -> RegistryResult<RegionDatabase> {
    let databases = list_region_databases(context, region_id)?;
    let found = databases.into_iter().find(|database| database.id == id);
    Ok(found.ok_or(RegistryDenial::NotFound)?)
}

/// Changes a region. Apps that are in it go on whatever becomes of it.
pub fn update_region(
    context: &RegistryContext<'_>,
    id: RegionId,
    changes: &RegionChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Region> {
    context.audited("region.update", Some(id.to_string()), context.require_operator())?;
    mutate(context, "region.update", Some(id.to_string()), |change| {
        let before = existing_region(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        change_region(context, change, &before, changes)
    })
}

/// Changes a region within a transaction.
pub(crate) fn change_region(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Region,
    changes: &RegionChanges,
) -> RegistryResult<Done<Region>> {
    let id = before.id;
    let after = Region {
        name: changes.name.clone().unwrap_or_else(|| before.name.clone()),
        availability: changes.availability.unwrap_or(before.availability),
        ..before.clone()
    };
    if after == *before {
        return Ok(Done::unchanged(after));
    }
    let after = Region { version: before.version.next(), ..after };
    expect_updated(change.writes.update_region(&after, before.version)?)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let changes = changed(region_attributes(before), region_attributes(&after));
    Ok(Done::of(id, after).changes(changes))
}

/// Changes a region database.
pub fn update_region_database(
    context: &RegistryContext<'_>,
    region_id: RegionId,
    id: RegionDatabaseId,
    changes: &RegionDatabaseChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<RegionDatabase> {
    context.audited("region_database.update", Some(id.to_string()), context.require_operator())?;
    mutate(context, "region_database.update", Some(id.to_string()), |change| {
        let found = change.writes.find_region_database(context.instance_id, id)?;
        let before =
            found.filter(|database| database.region_id == region_id).ok_or(RegistryDenial::NotFound)?;
        check_version(before.version, if_version)?;
        change_region_database(context, change, &before, changes)
    })
}

/// Changes a region database within a transaction.
pub(crate) fn change_region_database(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &RegionDatabase,
    changes: &RegionDatabaseChanges,
) -> RegistryResult<Done<RegionDatabase>> {
    let id = before.id;
    let after = RegionDatabase {
        capacity: changes.capacity.unwrap_or(before.capacity),
        availability: changes.availability.unwrap_or(before.availability),
        ..before.clone()
    };
    if after == *before {
        return Ok(Done::unchanged(after));
    }
    let after = RegionDatabase { version: before.version.next(), ..after };
    if after.capacity < after.app_count {
        return Err(RegistryDenial::CapacityBelowUse.into());
    }
    let updated = change.writes.update_region_database(context.instance_id, &after, before.version)?;
    expect_updated(updated)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let changes = changed(region_database_attributes(before), region_database_attributes(&after));
    Ok(Done::of(id, after).changes(changes))
}

pub(crate) fn existing_region<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: RegionId,
) -> RegistryResult<Region> {
    Ok(reads.find_region(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?)
}
