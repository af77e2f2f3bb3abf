//! The management API.

mod apps;
mod audit;
mod authentication;
mod bodies;
mod exchange;
mod explain;
mod idempotency;
mod list_filters;
mod lists;
mod people;
mod plans;
mod records;
mod reference_tokens;
mod review;
mod secret_life;
mod secrets;
mod storage;
mod token_requests;
mod trusted_applications;
mod usage;
mod versions;
