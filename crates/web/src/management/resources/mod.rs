//! Protected resources, their scopes and the apps that serve them.

pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod scopes;
pub(crate) mod servers;
pub(crate) mod update;
