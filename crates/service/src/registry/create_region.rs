//! New regions and region databases. Operators only.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{RegionDatabaseId, RegionId};
use turnkeep_domain::region::{Availability, DbCode, Region, RegionDatabase};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, region_attributes, region_database_attributes};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::manage_region::existing_region;
use crate::registry::recording::{Done, mutate};

/// A new region.
#[derive(Debug, Clone)]
pub struct CreateRegionCommand {
    /// What the `license_region` claim will carry.
    pub code: Slug,
    /// Name for people.
    pub name: DisplayName,
}

/// A new database of a region.
#[derive(Debug, Clone)]
pub struct CreateRegionDatabaseCommand {
    /// The region.
    pub region_id: RegionId,
    /// What the `db_code` claim will carry.
    pub db_code: DbCode,
    /// How many apps it can hold.
    pub capacity: u32,
}

/// Creates a region, active and without databases: it takes apps once it has one.
pub fn create_region(context: &RegistryContext<'_>, command: &CreateRegionCommand) -> RegistryResult<Region> {
    context.audited("region.create", None, context.require_operator())?;
    mutate(context, "region.create", None, |change| {
        let region = Region {
            id: RegionId::new(change.now, context.authority.random_bytes()),
            instance_id: context.instance_id,
            code: command.code.clone(),
            name: command.name.clone(),
            availability: Availability::Active,
            created_at: change.now,
            version: RecordVersion::FIRST,
        };
        if change.writes.insert_region(&region)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Code).into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let changes = created(region_attributes(&region));
        Ok(Done::of(region.id, region).changes(changes))
    })
}

/// Creates an active database of a region.
pub fn create_region_database(
    context: &RegistryContext<'_>,
    command: &CreateRegionDatabaseCommand,
) -> RegistryResult<RegionDatabase> {
    context.audited("region_database.create", None, context.require_operator())?;
    mutate(context, "region_database.create", None, |change| {
        let region = existing_region(context, change.writes, command.region_id)?;
        let database = RegionDatabase {
            id: RegionDatabaseId::new(change.now, context.authority.random_bytes()),
            region_id: region.id,
            db_code: command.db_code.clone(),
            availability: Availability::Active,
            capacity: command.capacity,
            app_count: 0,
            created_at: change.now,
            version: RecordVersion::FIRST,
        };
        if change.writes.insert_region_database(context.instance_id, &database)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::DbCode).into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let changes = created(region_database_attributes(&database));
        Ok(Done::of(database.id, database).changes(changes))
    })
}
