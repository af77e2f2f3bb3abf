//! License regions and their databases.

use serde::{Deserialize, Serialize};
use turnkeep_domain::region::{Region, RegionDatabase};
use turnkeep_protocol::management::region::AvailabilityName;

use crate::document::stated::stated;

/// A region, found by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionRecord {
    /// What the `license_region` claim carries.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Whether new apps may choose it; they may choose a new one if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub state: Option<AvailabilityName>,
    /// Its databases.
    #[serde(default)]
    pub databases: Vec<DatabaseRecord>,
}

/// A database of a region, found by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseRecord {
    /// What the `db_code` claim carries.
    pub db_code: String,
    /// Whether it takes new apps; a new one does if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub state: Option<AvailabilityName>,
    /// How many apps it can hold.
    pub capacity: u32,
}

impl RegionRecord {
    /// What is exported of a region.
    pub fn new<'a>(region: &Region, databases: impl IntoIterator<Item = &'a RegionDatabase>) -> Self {
        Self {
            code: region.code.to_string(),
            name: region.name.to_string(),
            state: Some(region.availability.into()),
            databases: databases.into_iter().map(DatabaseRecord::from).collect(),
        }
    }
}

impl From<&RegionDatabase> for DatabaseRecord {
    fn from(database: &RegionDatabase) -> Self {
        Self {
            db_code: database.db_code.to_string(),
            state: Some(database.availability.into()),
            capacity: database.capacity,
        }
    }
}
