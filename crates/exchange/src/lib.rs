//! Import and export documents: text in, neutral records out. What is already there, what may change and who may
//! ask is decided by the use cases; nothing here reads a file, a clock or a database.
#![forbid(unsafe_code)]

pub mod document;
pub mod format;
pub mod import_set;

mod check;
mod json_records;

pub mod hydra;
pub mod keycloak;
pub mod trusted_application_csv;
pub mod turnkeep_json;
