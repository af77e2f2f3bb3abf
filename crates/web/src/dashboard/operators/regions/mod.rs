//! Regions and their databases.

pub(crate) mod database;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod new_database;
pub(crate) mod region;

mod availability;
mod shown_databases;

use turnkeep_domain::id::{RegionDatabaseId, RegionId};

use crate::account::paths::PagePaths;
use crate::dashboard::place::OperatorPlace;

/// The path of a region; `rest` is empty or begins with a slash.
fn region_path(paths: &PagePaths, id: RegionId, rest: &str) -> String {
    paths.operator_record(OperatorPlace::Regions, id, rest)
}

/// The path of a database; `rest` is empty or begins with a slash.
fn database_path(paths: &PagePaths, region_id: RegionId, id: RegionDatabaseId, rest: &str) -> String {
    region_path(paths, region_id, &format!("/databases/{id}{rest}"))
}
