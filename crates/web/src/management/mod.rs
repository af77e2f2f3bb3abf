//! The management API below `/api/v1/`: one folder per record, one file per verb.

pub(crate) mod operation;
pub(crate) mod operations;
pub(crate) mod query_parameter;
pub(crate) mod serve;

mod apps;
mod audit;
mod exchange;
mod instances;
mod invitations;
mod me;
mod members;
mod operators;
mod plans;
mod reference_tokens;
mod regions;
mod resources;
mod review;
mod tenants;
mod token_requests;
mod usage;
mod users;

mod answer;
mod call;
mod field_errors;
mod idempotency;
mod json_body;
mod list_query;
