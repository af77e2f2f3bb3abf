//! Keyset pagination: which part of a list is wanted, and in which order.
//!
//! Every record has a sort name that is unique where lists are made (a code, an audience, the key of a name) or
//! made so by the record's id, so that an order is total and a position in it is the same on every database.

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// From the first to the last.
    #[default]
    Ascending,
    /// From the last to the first.
    Descending,
}

/// What a list is ordered by, and the last record of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order<Id> {
    /// By id, which is the order of creation.
    Created {
        /// Only records beyond this one.
        after: Option<Id>,
    },
    /// By the record's sort name, byte by byte, then by id.
    Name {
        /// Only records beyond this sort name and id.
        after: Option<(String, Id)>,
    },
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<Id> {
    /// What it is ordered by, and where it starts.
    pub order: Order<Id>,
    /// Which way it runs.
    pub direction: Direction,
    /// At most so many records.
    pub limit: u32,
}

impl<Id> Page<Id> {
    /// The most records a page may ask for.
    pub const MAX_LIMIT: u32 = 200;

    /// The first page of at most `limit` records, in the order of creation.
    pub fn first(limit: u32) -> Self {
        Self { order: Order::Created { after: None }, direction: Direction::Ascending, limit }
    }

    /// At most `limit` records that were created after this one.
    pub fn after(id: Id, limit: u32) -> Self {
        Self { order: Order::Created { after: Some(id) }, ..Self::first(limit) }
    }

    /// The first page in the order of names.
    pub fn by_name(limit: u32) -> Self {
        Self { order: Order::Name { after: None }, ..Self::first(limit) }
    }
}

/// A part of an audit trail, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditPage {
    /// Only entries beyond this position.
    pub after: Option<u64>,
    /// Which way it runs.
    pub direction: Direction,
    /// At most so many entries.
    pub limit: u32,
}
