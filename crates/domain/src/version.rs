//! Record versions: the optimistic lock of every mutable record.

/// How often a record was changed; the first stored form has version 1. A record whose name can be used again after
/// it was removed begins at [`first_version`](crate::change::ChangeSequence::first_version) instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordVersion(i64);

impl RecordVersion {
    /// The version of a new record.
    pub const FIRST: Self = Self(1);

    /// From its stored form.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The number to store.
    pub const fn as_number(self) -> i64 {
        self.0
    }

    /// The version after one more change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
