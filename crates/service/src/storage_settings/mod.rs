//! Storage settings of apps (seed 001): kept with a sealed secret key, checked with a real request, and used on
//! behalf of the app by whoever embeds this crate.

pub mod check_connection;
pub mod delete_settings;
pub mod precondition;
pub mod probe;
pub mod put_settings;
pub mod secret_key;
pub mod show_settings;
pub mod use_settings;

pub(crate) mod running_checks;
pub(crate) mod sealed_key;

mod attributes;
mod existing_settings;
