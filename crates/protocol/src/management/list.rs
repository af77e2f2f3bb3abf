//! Lists.

use serde::{Deserialize, Serialize};

/// One page of a list, in the order of creation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListResponse<T> {
    /// The records.
    pub items: Vec<T>,
    /// What to pass as `after` for the next page; `null` when this is the last one.
    pub next: Option<String>,
}

impl<T> ListResponse<T> {
    /// A list that is complete.
    pub fn complete(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
