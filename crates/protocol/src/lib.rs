//! What Turnkeep says and hears on the wire: OAuth parameters and answers, and the management API's JSON.
//!
//! No HTTP framework, no status code, no decision: `web` alone knows which answer goes with which status.
#![forbid(unsafe_code)]

pub mod basic_credentials;
pub mod bearer;
pub mod form;

pub mod authorization_request;
pub mod authorization_request_error;
pub mod authorization_response;
pub mod introspection_response;
pub mod logout_parameters;
pub mod metadata;
pub mod oauth_error;
pub mod token_response;
pub mod user_credentials;
pub mod user_info_response;

pub mod management;
pub mod patch;
pub mod prefer;
pub mod presented_secret;
pub mod problem;
pub mod query;
pub mod revealed_secret;
pub mod rfc3339;
pub mod strict_json;
