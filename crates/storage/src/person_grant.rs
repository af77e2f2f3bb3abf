//! Grants of people with their codes and refresh tokens, which are known by their SHA-256 only.

use turnkeep_domain::id::{AppId, GrantId, InstanceId, SessionId, UserId};
use turnkeep_domain::person_grant::{AuthorizationCode, PersonGrant, RefreshToken};
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Whose grants are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantsOf {
    /// Of a person, to every app.
    User(UserId),
    /// Of a person to one app.
    UserAndApp(UserId, AppId),
    /// Made in a session, offline or not.
    Session(SessionId),
}

/// Reads of grants.
pub trait PersonGrantReads {
    /// By id.
    fn find_grant(&mut self, instance_id: InstanceId, id: GrantId) -> StoreResult<Option<PersonGrant>>;
    /// Those that are neither revoked nor expired at `now`, in the order of creation.
    fn list_grants(
        &mut self,
        instance_id: InstanceId,
        of: GrantsOf,
        now: Timestamp,
    ) -> StoreResult<Vec<PersonGrant>>;
    /// By what the app presents.
    fn find_code(
        &mut self,
        instance_id: InstanceId,
        code_hash: &[u8; 32],
    ) -> StoreResult<Option<AuthorizationCode>>;
    /// By what the app presents.
    fn find_refresh_token(
        &mut self,
        instance_id: InstanceId,
        token_hash: &[u8; 32],
    ) -> StoreResult<Option<RefreshToken>>;
}

/// Making grants, and using up what works once.
pub trait PersonGrantStarts {
    /// A grant with the code that begins it; conflicts on the code.
    fn insert_grant(
        &mut self,
        grant: &PersonGrant,
        code: &AuthorizationCode,
        code_hash: &[u8; 32],
    ) -> StoreResult<Inserted>;
    /// Redeems a code; stale if it was redeemed or has expired. There is exactly one who does not find it stale.
    fn redeem_code(
        &mut self,
        instance_id: InstanceId,
        code_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Updated>;
    /// Conflicts on the token.
    fn insert_refresh_token(
        &mut self,
        instance_id: InstanceId,
        token: &RefreshToken,
        token_hash: &[u8; 32],
    ) -> StoreResult<Inserted>;
    /// Uses a refresh token up; stale if it was used or has expired. There is exactly one who does not find it stale.
    fn use_refresh_token(
        &mut self,
        instance_id: InstanceId,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Updated>;
}

/// Revoking grants.
pub trait PersonGrantEnds {
    /// Stale if it was revoked already.
    fn revoke_grant(&mut self, instance_id: InstanceId, id: GrantId, at: Timestamp) -> StoreResult<Updated>;
}
