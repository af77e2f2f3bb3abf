//! The OAuth endpoints below `/connect/`.

pub(crate) mod introspect;
pub(crate) mod revoke;
pub(crate) mod token;

mod form_request;
mod grants;
mod guarded;
