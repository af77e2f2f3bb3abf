//! Storage settings: setting, checking and using them.

mod canaries;
mod checks;
mod put;
mod reach;
pub(crate) mod scripted_storage;
mod uses;
