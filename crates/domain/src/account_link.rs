//! Links by which a person gets into their account without a password: each works once and not for long.

use std::time::Duration;

use crate::id::{InstanceId, UserId};
use crate::time::Timestamp;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountLinkPurpose {
    /// Making the first operator of an instance; printed at the first start.
    FirstOperator,
    /// Choosing the first password of this user.
    Welcome(UserId),
    /// Choosing a new password of this user.
    Reset(UserId),
}

impl AccountLinkPurpose {
    /// How long a link for it works.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::FirstOperator => Duration::from_secs(24 * 3_600),
            Self::Welcome(_) => Duration::from_secs(7 * 86_400),
            Self::Reset(_) => Duration::from_secs(30 * 60),
        }
    }

    /// Whose account it opens, if it is there already.
    pub const fn user_id(self) -> Option<UserId> {
        match self {
            Self::FirstOperator => None,
            Self::Welcome(user_id) | Self::Reset(user_id) => Some(user_id),
        }
    }
}

/// A link, without its handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountLink {
    /// The instance.
    pub instance_id: InstanceId,
    /// What it is for.
    pub purpose: AccountLinkPurpose,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it no longer works.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}
