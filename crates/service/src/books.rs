//! Bookkeeping off the request path: last uses and refusals are collected here and written in batches.
//!
//! Bounded: when the database is slow, the newest use per secret is kept and the oldest refusals are given up,
//! which is counted. Nothing that a request does waits for this, or fails because of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::SecretId;
use turnkeep_storage::bookkeeping::SecretUse;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Store;

/// How many entries of each kind wait at most.
const CAPACITY: usize = 50_000;

#[derive(Debug, Default)]
struct Pages {
    secret_uses: HashMap<SecretId, SecretUse>,
    refusals: VecDeque<AuditEvent>,
    given_up: u64,
}

/// The entries that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pages: Mutex<Pages>,
}

impl Books {
    /// Notes that a secret authenticated its app.
    pub(crate) fn note_use(&self, secret_use: SecretUse) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.secret_uses.len() < CAPACITY || pages.secret_uses.contains_key(&secret_use.secret_id) {
            pages.secret_uses.insert(secret_use.secret_id, secret_use);
        } else {
            pages.given_up += 1;
        }
    }

    /// Notes a refusal.
    pub(crate) fn note_refusal(&self, event: AuditEvent) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.refusals.push_back(event);
        pages.bound();
    }

    /// Writes what has been noted. On an error everything is kept for the next time.
    pub(crate) fn write_to(&self, store: &dyn Store) -> StoreResult<()> {
        let (uses, refusals) = {
            let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
            (std::mem::take(&mut pages.secret_uses), std::mem::take(&mut pages.refusals))
        };
        if uses.is_empty() && refusals.is_empty() {
            return Ok(());
        }
        let use_list: Vec<SecretUse> = uses.values().copied().collect();
        let refusal_list: Vec<AuditEvent> = refusals.into();
        let written = store.keep_books(|books| {
            books.record_secret_uses(&use_list)?;
            books.insert_refusals(&refusal_list)
        });
        if written.is_err() {
            let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
            for secret_use in use_list {
                pages.secret_uses.entry(secret_use.secret_id).or_insert(secret_use);
            }
            for event in refusal_list.into_iter().rev() {
                pages.refusals.push_front(event);
            }
            pages.bound();
        }
        written
    }

    /// How many entries were given up for lack of room.
    pub(crate) fn given_up(&self) -> u64 {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).given_up
    }
}

impl Pages {
    fn bound(&mut self) {
        while CAPACITY < self.refusals.len() {
            self.refusals.pop_front();
            self.given_up += 1;
        }
    }
}
