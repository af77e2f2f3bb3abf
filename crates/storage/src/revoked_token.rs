//! Access tokens that were revoked one by one (RFC 7009).

use turnkeep_domain::id::{AppId, InstanceId, TokenId};
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;

/// A revoked access token; kept until it would have expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevokedToken {
    /// The instance that issued it.
    pub instance_id: InstanceId,
    /// Its `jti`.
    pub token_id: TokenId,
    /// The app it was issued to.
    pub app_id: AppId,
    /// When it would have expired.
    pub expires_at: Timestamp,
}

/// Reads of revoked tokens.
pub trait RevokedTokenReads {
    /// Whether the token was revoked.
    fn is_token_revoked(&mut self, instance_id: InstanceId, token_id: TokenId) -> StoreResult<bool>;
}

/// Changes of revoked tokens.
pub trait RevokedTokenWrites {
    /// Revokes a token; revoking it again changes nothing.
    fn revoke_token(&mut self, token: &RevokedToken) -> StoreResult<()>;
}
