//! The databases of a region as a table, with how full each is.

use turnkeep_console::parts::amount::grouped;
use turnkeep_console::parts::data_table::{Cell, DataTable};
use turnkeep_domain::region::{Availability, Region, RegionDatabase};

use super::availability::in_words;
use super::database_path;
use crate::account::paths::PagePaths;

/// The table; nothing for a region without one.
pub(super) fn table(paths: &PagePaths, region: &Region, databases: &[RegionDatabase]) -> Option<DataTable> {
    let row = |database: &RegionDatabase| {
        let RegionDatabase { id, db_code, availability, capacity, app_count, .. } = database;
        vec![
            Cell::Link { path: database_path(paths, region.id, *id, ""), text: db_code.to_string() },
            Cell::State {
                word: in_words(*availability).to_owned(),
                is_on: *availability == Availability::Active,
            },
            Cell::Meter {
                used: *app_count,
                limit: *capacity,
                text: format!("{} of {} apps", grouped(*app_count), grouped(*capacity)),
            },
        ]
    };
    (!databases.is_empty()).then(|| DataTable {
        id: format!("databases-{}", region.code).into(),
        label: format!("Databases of {}", region.name).into(),
        headings: vec!["Database", "State", "Room"],
        rows: databases.iter().map(row).collect(),
    })
}
