//! Tokens by which people use the management API. The handle is known by its SHA-256 only.

use turnkeep_domain::id::{InstanceId, ManagementTokenId, UserId};
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of management tokens.
pub trait ManagementTokenReads {
    /// By what its holder presents.
    fn find_management_token(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<ManagementToken>>;
    /// All of a user, in the order of creation.
    fn list_management_tokens(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<ManagementToken>>;
}

/// Changes of management tokens.
pub trait ManagementTokenWrites {
    /// Conflicts on the handle.
    fn insert_management_token(
        &mut self,
        token: &ManagementToken,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Inserted>;
    /// Revokes one that was not revoked yet; stale if the user has no such token.
    fn revoke_management_token(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        id: ManagementTokenId,
        at: Timestamp,
    ) -> StoreResult<Updated>;
}
