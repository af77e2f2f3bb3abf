//! Reference tokens: personal and service access tokens (seed 002: `AccessTokens`). Made here, looked up at every use,
//! and judged by the same function both times.

pub mod check_reference_token;
pub mod introspect_reference_token;
pub mod list_own_tokens;
pub mod list_reference_tokens;
pub mod list_token_apps;
pub mod make_reference_token;
pub mod revoke_reference_token;

pub(crate) mod give_back;

mod attributes;
mod holder;
