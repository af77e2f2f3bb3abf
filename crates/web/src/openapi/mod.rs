//! The description of the management API: OpenAPI 3.1 for programs, and a page for people made of the same document.

pub mod document;

pub(crate) mod publish;

mod operation_item;
mod page;
mod schemas;
