//! Regions and their databases.

pub(crate) mod create;
pub(crate) mod databases;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod update;

use turnkeep_domain::region::Availability;

/// The states of a region, and of a database, by their names in a query.
const STATES: [(&str, Availability); 2] =
    [("active", Availability::Active), ("inactive", Availability::Inactive)];
