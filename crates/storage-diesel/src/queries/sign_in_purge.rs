//! Removing what is left of sign-ins, a bounded number of rows at a time.

use diesel::prelude::*;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use crate::per_backend::count;
use crate::schema::{account_links, person_grants, sessions};
use crate::session::Session;

/// How many rows of each kind one transaction removes for one reason; nobody should wait long for its end.
const AT_ONCE: i64 = 500;

/// Removes rows of a table whose time lies before, the oldest first, by their ids.
macro_rules! purge_before {
    ($session:expr, $table:ident, $id:ident, $time:expr, $before:expr) => {{
        let old = $table::table.filter($time.lt($before)).order($time).limit(AT_ONCE).select($table::$id);
        let ids: Vec<Vec<u8>> = $session.run(|c| old.load(c))?;
        if ids.is_empty() {
            Ok(0)
        } else {
            let old = $table::table.filter($time.lt($before)).filter($table::$id.eq_any(ids));
            $session.run(|c| diesel::delete(old).execute(c).and_then(count))
        }
    }};
}

impl Session<'_> {
    pub(super) fn purge_some_sign_ins(&mut self, ended_before: Timestamp) -> StoreResult<u32> {
        let before = ended_before.as_micros();
        let removed: [StoreResult<u32>; 5] = [
            purge_before!(self, sessions, id, sessions::expires_at, before),
            purge_before!(self, sessions, id, sessions::ended_at, before),
            purge_before!(self, person_grants, id, person_grants::expires_at, before),
            purge_before!(self, person_grants, id, person_grants::revoked_at, before),
            purge_before!(self, account_links, handle_hash, account_links::expires_at, before),
        ];
        removed.into_iter().try_fold(0, |sum: u32, removed| Ok(sum.saturating_add(removed?)))
    }
}
