//! Management tokens: how people use the management API until they sign in themselves.
//!
//! The token itself is kept by storage as a hash. What it reaches is looked up at every use, never stored.

use std::time::Duration;

use crate::audit::Actor;
use crate::id::{InstanceId, ManagementTokenId, TenantId, UserId};
use crate::time::Timestamp;

/// Why a lifetime is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a management token lives from 60 seconds to 12 hours")]
pub struct ManagementTokenLifetimeError;

/// How long a management token lives: one minute to twelve hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagementTokenLifetime(u32);

impl ManagementTokenLifetime {
    /// The shortest, in seconds.
    pub const MIN_SECS: u32 = 60;
    /// The longest, in seconds.
    pub const MAX_SECS: u32 = 12 * 3_600;

    /// From whole seconds.
    pub const fn from_secs(secs: u32) -> Result<Self, ManagementTokenLifetimeError> {
        if Self::MIN_SECS <= secs && secs <= Self::MAX_SECS {
            Ok(Self(secs))
        } else {
            Err(ManagementTokenLifetimeError)
        }
    }

    /// In seconds.
    pub const fn as_secs(self) -> u32 {
        self.0
    }

    /// The duration.
    pub fn as_duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

/// One hour.
impl Default for ManagementTokenLifetime {
    fn default() -> Self {
        Self(3_600)
    }
}

/// Where a management token is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagementTokenState {
    /// It stands for its user.
    Live,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl ManagementTokenState {
    /// The text form, as on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// A token that an operator issued to a person, without the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagementToken {
    /// Identifier.
    pub id: ManagementTokenId,
    /// The instance of the user.
    pub instance_id: InstanceId,
    /// For whom it stands.
    pub user_id: UserId,
    /// The tenant it is for; without one it reaches what needs no membership.
    pub tenant_id: Option<TenantId>,
    /// Who issued it.
    pub issued_by: Actor,
    /// When it was issued.
    pub created_at: Timestamp,
    /// From when on it no longer counts.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl ManagementToken {
    /// The one rule of a management token's validity: neither revoked, nor at or past its expiry.
    pub fn state(&self, now: Timestamp) -> ManagementTokenState {
        match self.revoked_at {
            Some(_) => ManagementTokenState::Revoked,
            None if self.expires_at <= now => ManagementTokenState::Expired,
            None => ManagementTokenState::Live,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_bounded() {
        for (secs, accepted) in [(0, false), (59, false), (60, true), (43_200, true), (43_201, false)] {
            assert_eq!(ManagementTokenLifetime::from_secs(secs).is_ok(), accepted, "{secs}");
        }
        assert_eq!(ManagementTokenLifetime::default().as_duration(), Duration::from_secs(3_600));
    }

    #[test]
    fn validity_ends_at_expiry_and_at_revocation() {
        for (revoked, now, expected) in [
            (None, 99, ManagementTokenState::Live),
            (None, 100, ManagementTokenState::Expired),
            (Some(50), 60, ManagementTokenState::Revoked),
            (Some(50), 100, ManagementTokenState::Revoked),
        ] {
            let token = ManagementToken {
                id: ManagementTokenId::from_bytes([1; 16]),
                instance_id: InstanceId::from_bytes([2; 16]),
                user_id: UserId::from_bytes([3; 16]),
                tenant_id: None,
                issued_by: Actor::CommandLine,
                created_at: Timestamp::from_secs(0),
                expires_at: Timestamp::from_secs(100),
                revoked_at: revoked.map(Timestamp::from_secs),
            };
            assert_eq!(token.state(Timestamp::from_secs(now)), expected, "{revoked:?} {now}");
        }
    }
}
