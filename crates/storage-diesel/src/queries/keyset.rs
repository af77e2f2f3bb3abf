//! Parts of queries that are there or not. An empty id stands for none: it sorts before every id and equals
//! none, so that there is one statement for both cases.

use turnkeep_domain::page::Page;

/// The id that a page starts after.
pub(super) fn after(id: Option<&[u8; 16]>) -> Vec<u8> {
    id.map(|id| id.to_vec()).unwrap_or_default()
}

/// The id of the record that does not count.
pub(super) fn other_than(id: Option<&[u8; 16]>) -> Vec<u8> {
    after(id)
}

/// How many records a page may have.
pub(super) fn limit(limit: u32) -> i64 {
    i64::from(limit.min(Page::<()>::MAX_LIMIT))
}
