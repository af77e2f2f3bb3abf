//! Values as pages show them.

pub(crate) use crate::account::readable::moment;
