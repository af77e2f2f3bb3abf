//! Plans.

pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod retire;
pub(crate) mod step;

mod features;
mod fields;
