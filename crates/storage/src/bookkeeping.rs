//! Notes of what happened that change nobody's access. They never wait for mutations, nor make them wait.

use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};

use crate::error::StoreResult;

/// The last time a secret authenticated its app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretUse {
    /// The secret.
    pub secret_id: SecretId,
    /// The app it belongs to.
    pub app_id: AppId,
    /// When.
    pub at: Timestamp,
}

/// What a bookkeeping transaction can write.
pub trait Bookkeeping {
    /// Notes last uses; an older time never replaces a newer one.
    fn record_secret_uses(&mut self, uses: &[SecretUse]) -> StoreResult<()>;

    /// Puts a better digest of the same secret in the place of `replacing`; does nothing if that is no longer
    /// what is stored.
    fn replace_secret_digest(
        &mut self,
        app_id: AppId,
        id: SecretId,
        replacing: &SecretRecord,
        digest: &SecretDigest,
    ) -> StoreResult<()>;

    /// Adds refusals to the audit trail.
    fn insert_refusals(&mut self, events: &[AuditEvent]) -> StoreResult<()>;

    /// Removes revoked tokens that have expired before `now`; returns how many.
    fn purge_revoked_tokens(&mut self, now: Timestamp) -> StoreResult<u32>;

    /// Removes single-use things that have expired before `now`; returns how many.
    fn purge_single_uses(&mut self, now: Timestamp) -> StoreResult<u32>;
}
