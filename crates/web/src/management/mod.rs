//! The management API below `/api/v1/`: one folder per record, one file per verb. What reads a request (`command_of`) also
//! reads the form of the dashboard, which is made the same request first.

pub(crate) mod operation;
pub(crate) mod operations;
pub(crate) mod query_parameter;
pub(crate) mod serve;

pub(crate) mod apps;
pub(crate) mod audit;
mod exchange;
mod instances;
mod invitations;
mod me;
mod members;
pub(crate) mod operators;
pub(crate) mod plans;
pub(crate) mod reference_tokens;
pub(crate) mod regions;
pub(crate) mod resources;
pub(crate) mod review;
pub(crate) mod tenants;
mod token_requests;
mod usage;
pub(crate) mod users;

mod answer;
mod call;
pub(crate) mod field_errors;
mod idempotency;
mod json_body;
mod list_query;
