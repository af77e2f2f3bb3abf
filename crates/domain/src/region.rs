//! License regions and the databases that serve them.

use std::fmt;

use crate::display_name::DisplayName;
use crate::id::{InstanceId, RegionDatabaseId, RegionId};
use crate::slug::Slug;
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// Whether new apps may be placed in a region, or in one of its databases. Apps that are there go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Takes new apps.
    Active,
    /// Takes no new apps.
    Inactive,
}

/// A license region. An app is tied to one when it is created (seed 001).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Identifier.
    pub id: RegionId,
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// What the `license_region` claim carries; unique in the instance, never changes.
    pub code: Slug,
    /// Name for people.
    pub name: DisplayName,
    /// Whether new apps may choose it.
    pub availability: Availability,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

/// Why a text is not a database code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a database code has 1 to 40 letters, digits, hyphens or underscores")]
pub struct DbCodeError;

/// The code of the database an app's data lives in; stamped on the app at creation, in every token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DbCode(String);

impl DbCode {
    /// Accepts 1 to 40 ASCII letters, digits, hyphens and underscores.
    pub fn parse(text: &str) -> Result<Self, DbCodeError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.is_empty() || 40 < text.len() || !text.bytes().all(allowed) {
            return Err(DbCodeError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DbCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A database of a region with room for a number of apps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionDatabase {
    /// Identifier.
    pub id: RegionDatabaseId,
    /// The region it serves.
    pub region_id: RegionId,
    /// What the `db_code` claim carries; unique in the instance, never changes.
    pub db_code: DbCode,
    /// Whether it takes new apps.
    pub availability: Availability,
    /// How many apps it can hold.
    pub capacity: u32,
    /// How many apps it holds.
    pub app_count: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

impl RegionDatabase {
    /// Active and not full.
    pub fn has_room(&self) -> bool {
        self.availability == Availability::Active && self.app_count < self.capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_codes() {
        for good in ["EU1", "db_eu-west_01", "x"] {
            assert!(DbCode::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "é", "a;b", &"x".repeat(41)] {
            assert_eq!(DbCode::parse(bad), Err(DbCodeError), "{bad}");
        }
    }
}
