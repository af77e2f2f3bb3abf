//! Bookkeeping off the request path: last uses and refusals are collected here and written in batches.
//!
//! Bounded: when the database is slow, the newest use per secret is kept and the oldest refusals are given up,
//! which is counted. Nothing that a request does waits for this, or fails because of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::{ReferenceTokenId, SecretId};
use turnkeep_storage::bookkeeping::SecretUse;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::reference_token::ReferenceTokenUse;

use crate::audit::append::append_to_chains;
use crate::authority::Authority;

/// How many entries of each kind wait at most.
const CAPACITY: usize = 50_000;

/// How many refusals one transaction writes at most, since mutations wait for it at the end of the chain.
const REFUSALS_AT_ONCE: usize = 500;

/// How many last uses one transaction writes at most, since each is a statement.
const USES_AT_ONCE: usize = 1_000;

/// How much waits to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Last uses of secrets and of reference tokens.
    pub secret_uses: usize,
    /// Refusals for the audit trail.
    pub refusals: usize,
    /// How many of either were given up for lack of room, since the start.
    pub given_up: u64,
}

#[derive(Debug, Default)]
struct Pages {
    secret_uses: HashMap<SecretId, SecretUse>,
    reference_token_uses: HashMap<ReferenceTokenId, ReferenceTokenUse>,
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

    /// Notes that a reference token was used.
    pub(crate) fn note_reference_token_use(&self, token_use: ReferenceTokenUse) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = pages.reference_token_uses.contains_key(&token_use.id);
        if is_known || pages.reference_token_uses.len() < CAPACITY {
            pages.reference_token_uses.insert(token_use.id, token_use);
        } else {
            pages.given_up += 1;
        }
    }

    /// Notes something for the audit trail that changed nothing.
    pub(crate) fn note_event(&self, event: AuditEvent) {
        self.note_refusal(event);
    }

    /// Notes a refusal.
    pub(crate) fn note_refusal(&self, event: AuditEvent) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.refusals.push_back(event);
        pages.bound();
    }

    /// Writes what has been noted. On an error everything is kept for the next time.
    pub(crate) fn write_to(&self, authority: &Authority) -> StoreResult<()> {
        while self.write_some(authority)? {}
        Ok(())
    }

    /// Writes at most so many refusals as keep the trail busy for a moment only; whether there is more.
    fn write_some(&self, authority: &Authority) -> StoreResult<bool> {
        let (uses, token_uses, refusals) = {
            let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
            let some = pages.refusals.len().min(REFUSALS_AT_ONCE);
            let refusals: Vec<AuditEvent> = pages.refusals.drain(..some).collect();
            let uses: Vec<SecretUse> = pages.secret_uses.values().take(USES_AT_ONCE).copied().collect();
            for secret_use in &uses {
                pages.secret_uses.remove(&secret_use.secret_id);
            }
            let token_uses: Vec<ReferenceTokenUse> =
                pages.reference_token_uses.values().take(USES_AT_ONCE).copied().collect();
            for token_use in &token_uses {
                pages.reference_token_uses.remove(&token_use.id);
            }
            (uses, token_uses, refusals)
        };
        if uses.is_empty() && token_uses.is_empty() && refusals.is_empty() {
            return Ok(false);
        }
        let written = authority.store.keep_books(|books| {
            books.record_secret_uses(&uses)?;
            books.record_reference_token_uses(&token_uses)?;
            append_to_chains(authority, books, &refusals)
        });
        if written.is_err() {
            let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
            for secret_use in uses {
                pages.secret_uses.entry(secret_use.secret_id).or_insert(secret_use);
            }
            for token_use in token_uses {
                pages.reference_token_uses.entry(token_use.id).or_insert(token_use);
            }
            for event in refusals.into_iter().rev() {
                pages.refusals.push_front(event);
            }
            pages.bound();
        }
        written.map(|()| true)
    }

    /// What waits at present.
    pub(crate) fn backlog(&self) -> Backlog {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        Backlog {
            secret_uses: pages.secret_uses.len() + pages.reference_token_uses.len(),
            refusals: pages.refusals.len(),
            given_up: pages.given_up,
        }
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
