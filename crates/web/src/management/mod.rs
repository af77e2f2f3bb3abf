//! The management API below `/api/v1/`: one folder per record, one file per verb.

pub(crate) mod apps;
pub(crate) mod instances;
pub(crate) mod plans;
pub(crate) mod regions;
pub(crate) mod resources;
pub(crate) mod tenants;
pub(crate) mod users;

mod answer;
mod call;
mod field_errors;
mod json_body;
mod list_query;
