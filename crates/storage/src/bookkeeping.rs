//! Notes of what happened that change nobody's access. They never wait for mutations, nor make them wait.

use turnkeep_domain::id::{AppId, InstanceId, SecretId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};

use crate::audit::AuditAppend;
use crate::error::StoreResult;
use crate::idempotency::{IdempotencyKey, IdempotentRequest, KeptAnswer};
use crate::logout_notice::LogoutNoticeKeeping;
use crate::node::NodeWrites;
use crate::outcome::Inserted;
use crate::reference_token::ReferenceTokenUse;
use crate::token_counts::TokenCounting;
use crate::usage::UsageWrites;

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

/// A secret that will expire before long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiringSecret {
    /// The instance it is in.
    pub instance_id: InstanceId,
    /// The tenant of its app.
    pub tenant_id: TenantId,
    /// Its app.
    pub app_id: AppId,
    /// The secret.
    pub secret_id: SecretId,
}

/// What a bookkeeping transaction can write.
pub trait Bookkeeping: AuditAppend + NodeWrites + TokenCounting + UsageWrites + LogoutNoticeKeeping {
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

    /// Notes a request that was done without any other transaction; conflicts if it is known.
    fn note_idempotent_request(&mut self, request: &IdempotentRequest) -> StoreResult<Inserted>;

    /// Keeps the answer to a request that was done; does nothing if the request is forgotten.
    fn keep_answer(&mut self, key: &IdempotencyKey, answer: &KeptAnswer) -> StoreResult<()>;

    /// Unrevoked secrets that expire after `now` and no later than `until`, of which nobody was warned `warned_days`
    /// or fewer days before; the next to expire first.
    fn list_expiring_secrets(
        &mut self,
        now: Timestamp,
        until: Timestamp,
        warned_days: u32,
        limit: u32,
    ) -> StoreResult<Vec<ExpiringSecret>>;

    /// Notes that the expiry of a secret was warned of.
    fn note_expiry_warning(&mut self, secret: &ExpiringSecret, warned_days: u32) -> StoreResult<()>;

    /// Removes management tokens that expired before `ended_before`; returns how many.
    fn purge_management_tokens(&mut self, ended_before: Timestamp) -> StoreResult<u32>;

    /// Removes idempotent requests that are forgotten; returns how many.
    fn purge_idempotent_requests(&mut self, now: Timestamp) -> StoreResult<u32>;

    /// Removes entries of the change log that were made before; returns how many.
    fn purge_changes(&mut self, made_before: Timestamp) -> StoreResult<u32>;

    /// Removes revoked tokens that have expired before `now`; returns how many.
    fn purge_revoked_tokens(&mut self, now: Timestamp) -> StoreResult<u32>;

    /// Notes last uses of reference tokens; an older time never replaces a newer one.
    fn record_reference_token_uses(&mut self, uses: &[ReferenceTokenUse]) -> StoreResult<()>;

    /// Removes sessions, grants (with their codes and refresh tokens) and links that have expired, or were ended or
    /// revoked, before `ended_before`; returns how many.
    fn purge_sign_ins(&mut self, ended_before: Timestamp) -> StoreResult<u32>;

    /// Removes single-use things that have expired before `now`; returns how many.
    fn purge_single_uses(&mut self, now: Timestamp) -> StoreResult<u32>;
}
