//! The settings of an app.

pub(crate) mod page;

mod access_fields;
mod fields;
mod people_fields;
mod typed;
