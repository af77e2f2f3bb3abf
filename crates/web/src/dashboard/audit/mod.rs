//! The audit trail of a tenant, and for operators that of the whole instance.

pub(crate) mod event;
pub(crate) mod export;
pub(crate) mod list;

mod chain_line;
mod scope;
mod typed;
