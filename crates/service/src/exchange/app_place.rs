//! Where an imported app lives: the region and database that its document stamps on it, or those that a new app gets.

use turnkeep_domain::placement::Placement;
use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_domain::slug::Slug;
use turnkeep_exchange::document::app::AppRecord;
use turnkeep_exchange::document::values::value;
use turnkeep_policy::choose_region_database::{PlacementDenial, choose_region_database};
use turnkeep_storage::outcome::Updated;

use crate::exchange::import_report::{RecordResult, refusal};
use crate::exchange::importing::Importing;
use crate::registry::denial::RegistryDenial;

/// Takes room for a new app. A named database is taken even if it takes no *new* apps, since this app lives there
/// already; never one that is full.
pub(super) fn take_place(importing: &mut Importing<'_, '_>, record: &AppRecord) -> RecordResult<Placement> {
    let instance_id = importing.context.instance_id;
    let code = record.license_region.as_deref().or(importing.options.default_region.as_deref());
    let missing = || {
        refusal(
            "license_region",
            "region_required",
            "the document names no region, and the import none for all",
        )
    };
    let code = value("license_region", Slug::parse(code.ok_or_else(missing)?))?;
    let region = importing.change.writes.find_region_by_code(instance_id, &code)?;
    let region = region.ok_or(RegistryDenial::Placement(PlacementDenial::RegionUnknown))?;
    let databases = importing.change.writes.list_region_databases(instance_id, region.id)?;
    let database = match &record.db_code {
        Some(db_code) => databases
            .iter()
            .find(|database| database.db_code.as_str() == db_code)
            .ok_or_else(|| refusal("db_code", "db_code_unknown", "the region has no such database"))?,
        None => choose_region_database(Some(&region), &databases).map_err(RegistryDenial::Placement)?,
    };
    take_room(importing, database)?;
    Ok(placement(&region, database))
}

fn take_room(importing: &mut Importing<'_, '_>, database: &RegionDatabase) -> RecordResult<()> {
    let instance_id = importing.context.instance_id;
    if database.capacity <= database.app_count {
        return Err(RegistryDenial::Placement(PlacementDenial::NoRoom).into());
    }
    let taken = match database.availability {
        Availability::Active => importing.change.writes.take_room(instance_id, database.id)?,
        Availability::Inactive => {
            let after = RegionDatabase {
                app_count: database.app_count.saturating_add(1),
                version: database.version.next(),
                ..database.clone()
            };
            importing.change.writes.update_region_database(instance_id, &after, database.version)?
        }
    };
    match taken {
        Updated::Updated => Ok(()),
        Updated::Stale => Err(RegistryDenial::StaleVersion.into()),
    }
}

fn placement(region: &Region, database: &RegionDatabase) -> Placement {
    Placement::Placed {
        region_id: region.id,
        region_code: region.code.clone(),
        database_id: database.id,
        db_code: database.db_code.clone(),
    }
}
