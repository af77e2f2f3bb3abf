//! The OAuth endpoints below `/connect/`.

pub(crate) mod authorization;
pub(crate) mod end_session;
pub(crate) mod forward_auth;
pub(crate) mod introspect;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;

mod form_request;
pub(crate) mod grants;
mod guarded;
mod introspected_reference_token;
