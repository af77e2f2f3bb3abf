//! Tenants.

pub(crate) mod close;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod step;
