//! Tests of the store against both databases.
#![expect(clippy::unwrap_used, reason = "tests")]

mod backends;
mod change_hints;
mod connections;
mod contract;
mod corrupt;
mod logs;
mod migrations;
mod query_plans;
mod schema;
