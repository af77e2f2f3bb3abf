//! Lists.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(rename = "{T}List"))]
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
