//! Keyset pagination: lists are ordered by id, which is the order of creation.

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<Id> {
    /// Only records after this one.
    pub after: Option<Id>,
    /// At most so many records.
    pub limit: u32,
}

impl<Id> Page<Id> {
    /// The most records a page may ask for.
    pub const MAX_LIMIT: u32 = 200;

    /// The first page of at most `limit` records.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit: limit.min(Self::MAX_LIMIT) }
    }
}
