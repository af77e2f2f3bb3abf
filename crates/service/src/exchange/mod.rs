//! Import and export of an instance's registry. Documents are the business of `turnkeep-exchange`; here is what may be
//! done with them, and how records that were read become records that are kept.

pub mod export_records;
pub mod import_records;
pub mod import_report;

mod apps;
mod instance;
mod people;
mod plans;
mod regions;
mod resources;
mod tenants;

mod app_place;
mod app_plan;
mod app_scopes;
mod app_secrets;
mod discardable;
mod importing;
mod prepared;
mod references;
