//! Where does a new app's data go? (seed 001: "the region exists, is active, and has an active region database
//! available")

use turnkeep_domain::region::{Availability, Region, RegionDatabase};

/// Why no place was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlacementDenial {
    /// No such region in this instance.
    #[error("the region does not exist")]
    RegionUnknown,
    /// The region takes no new apps.
    #[error("the region is not active")]
    RegionInactive,
    /// The region has no active database.
    #[error("the region has no active database")]
    NoActiveDatabase,
    /// Every active database of the region is full.
    #[error("the region's databases are full")]
    NoRoom,
}

/// The active database with the smallest share of its capacity taken; of equals the oldest.
pub fn choose_region_database<'a>(
    region: Option<&Region>,
    databases: &'a [RegionDatabase],
) -> Result<&'a RegionDatabase, PlacementDenial> {
    let region = region.ok_or(PlacementDenial::RegionUnknown)?;
    if region.availability == Availability::Inactive {
        return Err(PlacementDenial::RegionInactive);
    }
    if !databases.iter().any(|database| database.availability == Availability::Active) {
        return Err(PlacementDenial::NoActiveDatabase);
    }
    let with_room = databases.iter().filter(|database| database.has_room());
    with_room
        .min_by(|a, b| {
            // a.app_count / a.capacity against b.app_count / b.capacity, without division.
            let load =
                |x: &RegionDatabase, y: &RegionDatabase| u64::from(x.app_count) * u64::from(y.capacity);
            load(a, b).cmp(&load(b, a))
        })
        .ok_or(PlacementDenial::NoRoom)
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::id::{InstanceId, RegionDatabaseId, RegionId};
    use turnkeep_domain::region::DbCode;
    use turnkeep_domain::time::Timestamp;
    use turnkeep_domain::version::RecordVersion;

    use super::*;
    use crate::samples::{name, slug};

    const REGION: RegionId = RegionId::from_bytes([1; 16]);

    fn region(availability: Availability) -> Region {
        Region {
            id: REGION,
            instance_id: InstanceId::from_bytes([1; 16]),
            code: slug("eu-west"),
            name: name("EU West"),
            availability,
            created_at: Timestamp::from_micros(0),
            version: RecordVersion::FIRST,
        }
    }

    fn database(code: &str, availability: Availability, app_count: u32, capacity: u32) -> RegionDatabase {
        RegionDatabase {
            id: RegionDatabaseId::from_bytes([0; 16]),
            region_id: REGION,
            db_code: DbCode::parse(code).unwrap(),
            availability,
            capacity,
            app_count,
            created_at: Timestamp::from_micros(0),
            version: RecordVersion::FIRST,
        }
    }

    fn check(region: Option<&Region>, databases: &[RegionDatabase], expected: Result<&str, PlacementDenial>) {
        let chosen = choose_region_database(region, databases).map(|database| database.db_code.as_str());
        assert_eq!(chosen, expected);
    }

    #[test]
    fn seed_001_creation_needs_an_active_region_with_an_active_database() {
        use Availability::{Active, Inactive};
        let usable = [database("A", Active, 0, 10)];
        check(None, &usable, Err(PlacementDenial::RegionUnknown));
        check(Some(&region(Inactive)), &usable, Err(PlacementDenial::RegionInactive));
        check(Some(&region(Active)), &[], Err(PlacementDenial::NoActiveDatabase));
        check(
            Some(&region(Active)),
            &[database("A", Inactive, 0, 10)],
            Err(PlacementDenial::NoActiveDatabase),
        );
        check(Some(&region(Active)), &[database("A", Active, 10, 10)], Err(PlacementDenial::NoRoom));
        check(
            Some(&region(Active)),
            &[database("A", Active, 10, 10), database("B", Inactive, 0, 10)],
            Err(PlacementDenial::NoRoom),
        );
        check(Some(&region(Active)), &usable, Ok("A"));
    }

    #[test]
    fn the_least_loaded_database_is_chosen_by_share_not_by_number() {
        use Availability::{Active, Inactive};
        check(
            Some(&region(Active)),
            &[
                database("HALF", Active, 5, 10),
                database("THIRD", Active, 300, 900),
                database("EMPTY-OFF", Inactive, 0, 10),
                database("THIRD-TOO", Active, 1, 3),
            ],
            Ok("THIRD"),
        );
    }
}
