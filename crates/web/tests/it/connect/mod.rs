//! The OAuth endpoints.

mod client_authentication;
mod forward_auth;
mod guessing;
mod introspection;
mod request_shape;
mod revocation;
mod token_denials;
mod token_quota;
mod tokens;
