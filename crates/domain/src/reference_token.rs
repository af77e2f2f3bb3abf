//! Reference tokens: opaque keys for APIs, looked up at every use (seed 002: `AccessTokens`, PAT and SAT).

use std::time::Duration;

use crate::audit::Actor;
use crate::client_secret::SecretHint;
use crate::display_name::DisplayName;
use crate::id::{AppId, InstanceId, ReferenceTokenId, TenantId, UserId};
use crate::resource::Audience;
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// The policy for personal (PAT) and service (SAT) access tokens; checked when one is made and at every use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReferenceTokenPolicy {
    /// Nobody.
    #[default]
    None,
    /// Any signed-in user.
    AuthenticatedUsers,
    /// Administrators.
    AdministratorsOnly,
}

/// As whom a reference token acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceTokenKind {
    /// As the user who made it (PAT).
    Personal,
    /// As the app's system user, or as the app itself where it has none (SAT); made by an administrator.
    Service,
}

impl ReferenceTokenKind {
    /// The word, on the wire and as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Service => "service",
        }
    }
}

/// Where a reference token is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceTokenState {
    /// It may be used, as far as it is concerned.
    Live,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

/// Why a lifetime is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reference token lives from 1 to 366 days")]
pub struct ReferenceTokenLifetimeError;

/// How long a reference token lives: 1 to 366 days. There is none that never expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReferenceTokenLifetime(u32);

impl ReferenceTokenLifetime {
    /// The longest, in days.
    pub const MAX_DAYS: u32 = 366;

    /// From whole days.
    pub const fn from_days(days: u32) -> Result<Self, ReferenceTokenLifetimeError> {
        if 0 < days && days <= Self::MAX_DAYS { Ok(Self(days)) } else { Err(ReferenceTokenLifetimeError) }
    }

    /// The duration.
    pub fn as_duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0) * 86_400)
    }
}

/// 90 days.
impl Default for ReferenceTokenLifetime {
    fn default() -> Self {
        Self(90)
    }
}

/// A reference token, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceToken {
    /// Identifier; the `jti` at introspection.
    pub id: ReferenceTokenId,
    /// The instance.
    pub instance_id: InstanceId,
    /// The tenant of the app.
    pub tenant_id: TenantId,
    /// The app it is for.
    pub app_id: AppId,
    /// As whom it acts.
    pub kind: ReferenceTokenKind,
    /// The user it acts as; `None` for a service token of an app that acts as itself.
    pub user_id: Option<UserId>,
    /// What its maker calls it.
    pub name: DisplayName,
    /// Its last four characters, for people to tell tokens apart.
    pub hint: SecretHint,
    /// What it may be used for; within the app's.
    pub scopes: ScopeSet,
    /// The resource it is for.
    pub audience: Audience,
    /// Who made it.
    pub made_by: Actor,
    /// When.
    pub created_at: Timestamp,
    /// From when on it no longer counts.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<Timestamp>,
}

impl ReferenceToken {
    /// The rule of its own validity; policy, app, tenant and user are judged at every use besides.
    pub fn state(&self, now: Timestamp) -> ReferenceTokenState {
        match self.revoked_at {
            Some(_) => ReferenceTokenState::Revoked,
            None if self.expires_at <= now => ReferenceTokenState::Expired,
            None => ReferenceTokenState::Live,
        }
    }
}
