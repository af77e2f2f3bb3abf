//! Reference tokens. The token is known by its SHA-256 only.

use turnkeep_domain::id::{AppId, InstanceId, ReferenceTokenId, TenantId, UserId};
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of reference tokens.
pub trait ReferenceTokenReads {
    /// By what its holder presents.
    fn find_reference_token(
        &mut self,
        instance_id: InstanceId,
        token_hash: &[u8; 32],
    ) -> StoreResult<Option<ReferenceToken>>;
    /// By its id, in a tenant.
    fn find_reference_token_by_id(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: ReferenceTokenId,
    ) -> StoreResult<Option<ReferenceToken>>;
    /// The inventory of an app, in the order of creation.
    fn list_reference_tokens_of_app(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        app_id: AppId,
    ) -> StoreResult<Vec<ReferenceToken>>;
    /// Those that act as a user, in the order of creation.
    fn list_reference_tokens_of_user(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<ReferenceToken>>;
}

/// Changes of reference tokens.
pub trait ReferenceTokenWrites {
    /// Conflicts on the token.
    fn insert_reference_token(
        &mut self,
        token: &ReferenceToken,
        token_hash: &[u8; 32],
    ) -> StoreResult<Inserted>;
    /// Revokes one that was not revoked yet; stale otherwise.
    fn revoke_reference_token(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: ReferenceTokenId,
        at: Timestamp,
    ) -> StoreResult<Updated>;
}

/// The last time a reference token was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceTokenUse {
    /// The instance.
    pub instance_id: InstanceId,
    /// The token.
    pub id: ReferenceTokenId,
    /// When.
    pub at: Timestamp,
}
