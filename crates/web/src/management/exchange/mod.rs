//! `/import`, `/export`: an instance's registry as a document.

pub(crate) mod operations;

mod export;
mod import;
