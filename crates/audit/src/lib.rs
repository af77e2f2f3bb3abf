//! The hash chain of the audit trail (design §10): how entries are linked and sealed, what remains of pruned ones,
//! and how anybody who holds the entries finds the first that was tampered with.
//!
//! Nothing in this crate reads a clock, opens a file or knows a database.
#![forbid(unsafe_code)]

mod canonical;

pub mod entry;
pub mod entry_hash;

pub mod anchor;
pub mod chain;

pub mod seal;
pub mod segment;

pub mod verify;

pub mod json_lines;
pub mod verify_export;
