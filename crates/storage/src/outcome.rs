//! How a write ended when nothing failed.

/// How an insertion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Inserted {
    /// The record is there.
    Inserted,
    /// Another record has the same unique attribute; nothing was written.
    Conflict,
}

/// How an update ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Updated {
    /// The new form is there.
    Updated,
    /// The record is gone, or has another version than the one to replace; nothing was written.
    Stale,
}

/// How a deletion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Deleted {
    /// The record is gone.
    Deleted,
    /// There was none.
    Unknown,
}
