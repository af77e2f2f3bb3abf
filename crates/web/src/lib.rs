//! HTTP: extractor, command, use case, response. The only place that knows statuses, headers and routes.
//!
//! No rule is decided here and nothing is stored; every use case runs on the blocking pool.
#![forbid(unsafe_code)]

pub mod explanation;
pub mod import_report;
pub mod openapi;
pub mod request_span;
pub mod routes;
pub mod state;

mod access_log;
mod account;
mod admission;
mod allowed_origin;
mod blocking;
mod body;
mod from_memory;
mod issuer;
mod kill_watch;
mod metrics;
mod password_turns;
mod propagation_header;
mod request_context;
mod response;
mod telemetry;

mod client_authentication;
mod error;

mod connect;
mod dashboard;
mod health;
mod management;
mod well_known;
