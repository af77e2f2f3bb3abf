//! The export of a trail: one JSON object per line. The first says what it is, the last how the chain ends, and
//! each in between is an entry with its hash and the hash before it, so that it can be verified without a database.
//!
//! ```text
//! {"turnkeep_audit":1,"instance":"ins_…","complete":true,"segments":[…]}
//! {"position":1,"id":"evt_…","at":"2026-11-21T09:16:00Z","at_micros":…,…,"previous_hash":"…","hash":"…"}
//! {"end":{"entries":1,"head":{"position":1,"hash":"…","key_id":"…","tag":"…"}}}
//! ```
//!
//! Times come twice: `at_micros` is what the hash covers, `at` is for people and must say the same.

mod line;
mod one_line;
mod reader;
mod utc;
mod writer;

pub use line::ExportHeader;
pub use reader::{ExportReader, ReadError};
pub use utc::utc_text;
pub use writer::{ExportWriter, WriteError};

/// The longest line, in bytes without its end: far above what an entry can need, and what a reader keeps in memory
/// at most.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;
