//! Regions and their databases.

use serde::{Deserialize, Serialize};
use turnkeep_domain::region::{Availability, Region, RegionDatabase};

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::patch::Patch;
use crate::rfc3339::format_utc;

/// `POST /regions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRegionRequest {
    /// What the `license_region` claim carries.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SlugText"))]
    pub code: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
}

/// `PATCH /regions/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateRegionRequest {
    /// Name for people.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: Patch<String>,
}

/// `POST /regions/{id}/databases`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRegionDatabaseRequest {
    /// What the `db_code` claim carries.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DbCodeText"))]
    pub db_code: String,
    /// How many apps it can hold.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppCountNumber"))]
    pub capacity: u32,
}

/// `PATCH /regions/{id}/databases/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateRegionDatabaseRequest {
    /// How many apps it can hold.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppCountNumber"))]
    pub capacity: Patch<u32>,
}

/// [`Availability`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AvailabilityName {
    /// Takes new apps.
    Active,
    /// Takes no new apps.
    Inactive,
}

impl From<Availability> for AvailabilityName {
    fn from(availability: Availability) -> Self {
        match availability {
            Availability::Active => Self::Active,
            Availability::Inactive => Self::Inactive,
        }
    }
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RegionResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::RegionIdText"))]
    pub id: String,
    /// What the `license_region` claim carries.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SlugText"))]
    pub code: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// Whether new apps may choose it.
    pub state: AvailabilityName,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&Region> for RegionResponse {
    fn from(region: &Region) -> Self {
        Self {
            id: region.id.to_string(),
            code: region.code.to_string(),
            name: region.name.to_string(),
            state: region.availability.into(),
            created_at: format_utc(region.created_at),
            version: region.version.as_number(),
        }
    }
}

/// A database of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RegionDatabaseResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::RegionDatabaseIdText"))]
    pub id: String,
    /// The region it serves.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::RegionIdText"))]
    pub region_id: String,
    /// What the `db_code` claim carries.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DbCodeText"))]
    pub db_code: String,
    /// Whether it takes new apps.
    pub state: AvailabilityName,
    /// How many apps it can hold.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppCountNumber"))]
    pub capacity: u32,
    /// How many apps it holds.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppCountNumber"))]
    pub app_count: u32,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&RegionDatabase> for RegionDatabaseResponse {
    fn from(database: &RegionDatabase) -> Self {
        Self {
            id: database.id.to_string(),
            region_id: database.region_id.to_string(),
            db_code: database.db_code.to_string(),
            state: database.availability.into(),
            capacity: database.capacity,
            app_count: database.app_count,
            created_at: format_utc(database.created_at),
            version: database.version.as_number(),
        }
    }
}
