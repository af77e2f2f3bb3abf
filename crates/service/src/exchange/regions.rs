//! Regions and their databases.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{RegionDatabaseId, RegionId};
use turnkeep_domain::region::{Availability, DbCode, Region, RegionDatabase};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_exchange::document::region::{DatabaseRecord, RegionRecord};
use turnkeep_exchange::document::values::value;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, region_attributes, region_database_attributes};
use crate::exchange::import_report::RecordResult;
use crate::exchange::importing::{Found, Importing};
use crate::failure::Fault;
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, change_region, change_region_database,
};
use crate::registry::recording::Done;

/// Imports a region, then its databases. Databases that the document does not name stay.
pub(super) fn import_region(importing: &mut Importing<'_, '_>, record: &RegionRecord) -> Result<(), Fault> {
    let is_there = importing.record("region", &record.code, |importing| put_region(importing, record))?;
    if is_there {
        for database in &record.databases {
            importing.record("region_database", &database.db_code, |importing| {
                put_database(importing, record, database)
            })?;
        }
    }
    Ok(())
}

fn put_region(importing: &mut Importing<'_, '_>, record: &RegionRecord) -> RecordResult<Found> {
    let instance_id = importing.context.instance_id;
    let code = value("code", Slug::parse(&record.code))?;
    let name = value("name", DisplayName::parse(&record.name))?;
    if let Some(before) = importing.change.writes.find_region_by_code(instance_id, &code)? {
        let availability = record.availability().unwrap_or(before.availability);
        if before.name != name || before.availability != availability {
            let changes = RegionChanges { name: Some(name), availability: Some(availability) };
            let done = change_region(importing.context, &mut importing.change, &before, &changes)?;
            importing.done("region.update", done);
        }
        return Ok(Found::Known);
    }
    let now = importing.change.now;
    let region = Region {
        id: RegionId::new(now, importing.context.authority.random_bytes()),
        instance_id,
        code,
        name,
        availability: record.availability().unwrap_or(Availability::Active),
        created_at: now,
        version: RecordVersion::FIRST,
    };
    if importing.change.writes.insert_region(&region)? == Inserted::Conflict {
        return Err(RegistryDenial::Taken(UniqueAttribute::Code).into());
    }
    importing.record_instance_change()?;
    importing.done("region.create", Done::of(region.id, ()).changes(created(region_attributes(&region))));
    Ok(Found::New)
}

fn put_database(
    importing: &mut Importing<'_, '_>,
    region: &RegionRecord,
    record: &DatabaseRecord,
) -> RecordResult<Found> {
    let instance_id = importing.context.instance_id;
    let code = value("code", Slug::parse(&region.code))?;
    let db_code = value("db_code", DbCode::parse(&record.db_code))?;
    let found = importing.change.writes.find_region_by_code(instance_id, &code)?;
    let region = found.ok_or(RegistryDenial::NotFound)?;
    let databases = importing.change.writes.list_region_databases(instance_id, region.id)?;
    if let Some(before) = databases.into_iter().find(|database| database.db_code == db_code) {
        let availability = record.availability().unwrap_or(before.availability);
        if before.capacity != record.capacity || before.availability != availability {
            let changes =
                RegionDatabaseChanges { capacity: Some(record.capacity), availability: Some(availability) };
            let done = change_region_database(importing.context, &mut importing.change, &before, &changes)?;
            importing.done("region_database.update", done);
        }
        return Ok(Found::Known);
    }
    let now = importing.change.now;
    let database = RegionDatabase {
        id: RegionDatabaseId::new(now, importing.context.authority.random_bytes()),
        region_id: region.id,
        db_code,
        availability: record.availability().unwrap_or(Availability::Active),
        capacity: record.capacity,
        app_count: 0,
        created_at: now,
        version: RecordVersion::FIRST,
    };
    if importing.change.writes.insert_region_database(instance_id, &database)? == Inserted::Conflict {
        return Err(RegistryDenial::Taken(UniqueAttribute::DbCode).into());
    }
    importing.record_instance_change()?;
    let done = Done::of(database.id, ()).changes(created(region_database_attributes(&database)));
    importing.done("region_database.create", done);
    Ok(Found::New)
}
