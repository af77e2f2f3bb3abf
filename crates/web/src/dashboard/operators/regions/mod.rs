//! Regions and their databases.

pub(crate) mod database;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod new_database;
pub(crate) mod region;

mod availability;
mod shown_databases;

use turnkeep_console::dashboard::chrome::Link;
use turnkeep_domain::id::{RegionDatabaseId, RegionId};
use turnkeep_domain::region::Region;

use crate::account::paths::PagePaths;
use crate::dashboard::place::{OperatorPlace, crumb, crumb_to_place};

/// The path of a region; `rest` is empty or begins with a slash.
fn region_path(paths: &PagePaths, id: RegionId, rest: &str) -> String {
    paths.operator_record(OperatorPlace::Regions, id, rest)
}

/// The way to what belongs to a region.
fn crumbs_below(paths: &PagePaths, region: &Region) -> Vec<Link> {
    vec![
        crumb_to_place(paths, OperatorPlace::Regions),
        crumb(region.name.to_string(), region_path(paths, region.id, "")),
    ]
}

/// The path of a database; `rest` is empty or begins with a slash.
fn database_path(paths: &PagePaths, region_id: RegionId, id: RegionDatabaseId, rest: &str) -> String {
    region_path(paths, region_id, &format!("/databases/{id}{rest}"))
}
