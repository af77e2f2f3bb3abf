//! Columns that several records have: scopes, and how and when a person signed in.

use std::collections::BTreeSet;

use turnkeep_domain::authentication::Authentication;
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::Cell;
use super::json;

/// From the columns `methods` and `authenticated_at`.
pub(super) fn read_authentication(methods: Cell, text: &str, at: i64) -> StoreResult<Authentication> {
    methods.present(Authentication::from_stored(text, Timestamp::from_micros(at)))
}

/// Scopes as they are stored.
pub(super) fn scopes_column(scopes: &ScopeSet) -> String {
    json::texts(scopes.iter().map(ScopeName::as_str))
}

/// Reads [`scopes_column`].
pub(super) fn read_scopes(cell: Cell, json: &str) -> StoreResult<ScopeSet> {
    let names = json::read_texts(cell, json)?;
    let names = names.iter().map(|name| ScopeName::parse(name)).collect::<Result<BTreeSet<_>, _>>();
    cell.valid(names.and_then(ScopeSet::new))
}
