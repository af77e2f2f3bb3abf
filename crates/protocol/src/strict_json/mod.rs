//! Reads JSON more strictly than serde does by itself: a struct is an object, never a list of its members by
//! position, and everything that is wrong with a document is found at once.
//!
//! Types that serde reads by way of a copy (`flatten`, `untagged`, `tag`) are not strict inside; do not read such.

mod checked_access;
mod checked_deserializer;
mod checked_visitor;
mod pass;
mod placeholder;

pub mod fault;
pub mod read;
