//! Where an app's data lives. Stamped when the app is created, never changed.

use crate::id::{RegionDatabaseId, RegionId};
use crate::region::DbCode;
use crate::slug::Slug;

/// The region and database of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// None, as for the platform's own apps and for imported ones that were not placed yet.
    Unplaced,
    /// A region but no database, as an imported record may have it.
    RegionOnly {
        /// The region.
        region_id: RegionId,
        /// Its code, for the `license_region` claim.
        region_code: Slug,
    },
    /// The usual case.
    Placed {
        /// The region.
        region_id: RegionId,
        /// Its code, for the `license_region` claim.
        region_code: Slug,
        /// The database whose room the app takes.
        database_id: RegionDatabaseId,
        /// For the `db_code` claim.
        db_code: DbCode,
    },
}

impl Placement {
    /// The region's code, if one is stamped.
    pub fn region_code(&self) -> Option<&Slug> {
        match self {
            Self::Unplaced => None,
            Self::RegionOnly { region_code, .. } | Self::Placed { region_code, .. } => Some(region_code),
        }
    }

    /// The database's code, if one is stamped.
    pub fn db_code(&self) -> Option<&DbCode> {
        match self {
            Self::Unplaced | Self::RegionOnly { .. } => None,
            Self::Placed { db_code, .. } => Some(db_code),
        }
    }
}
