//! The reference tokens of an app: the inventory, making one for a service, taking one back (seed 002).

pub(crate) mod make;
pub(crate) mod revoke;
pub(crate) mod show;

mod form;
