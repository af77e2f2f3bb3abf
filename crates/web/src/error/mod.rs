//! The only place where a denial or a fault becomes a status. No `_` arm here: a new variant has to be decided.

pub(crate) mod api_error;
pub(crate) mod connect_error;
pub(crate) mod fault;
pub(crate) mod forward_auth_error;
mod overload_log;
pub(crate) mod problem_codes;
pub(crate) mod problem_response;
pub(crate) mod registry_denial;
pub(crate) mod retry_after;
pub(crate) mod token_denial;
