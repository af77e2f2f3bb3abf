//! What a person granted to an app by signing in: everything that its code, refresh tokens and access tokens have in
//! common. Revoking it ends all of them.

use std::time::Duration;

use crate::authentication::Authentication;
use crate::change::ChangeSequence;
use crate::id::{AppId, GrantId, InstanceId, SessionId, TenantId, UserId};
use crate::pkce::CodeChallenge;
use crate::resource::Audience;
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// Whether the app may go on when the person's session is over (`offline_access`, OpenID Connect Core §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offline {
    /// It ends with the session.
    No,
    /// It lives until it expires or is revoked.
    Yes,
}

/// How long the refresh tokens of a grant last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshLimits {
    /// How long each may lie unused.
    pub idle: Duration,
    /// How long the last of them may live after the person signed in.
    pub absolute: Duration,
}

/// 14 and 90 days.
impl Default for RefreshLimits {
    fn default() -> Self {
        Self { idle: Duration::from_secs(14 * 86_400), absolute: Duration::from_secs(90 * 86_400) }
    }
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonGrant {
    /// Identifier; access tokens carry it as `grant_id`.
    pub id: GrantId,
    /// The instance.
    pub instance_id: InstanceId,
    /// The tenant of the app.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// The person.
    pub user_id: UserId,
    /// The session in which it was made.
    pub session_id: SessionId,
    /// Whether it outlives the session.
    pub offline: Offline,
    /// What was granted, with the scopes of OpenID Connect (`openid`, `profile`, `email`, `offline_access`) among them.
    pub scopes: ScopeSet,
    /// The resource that access tokens are for.
    pub audience: Audience,
    /// How the person had signed in.
    pub authentication: Authentication,
    /// What the node had applied of the change log before it decided. Later kill marks end the grant.
    pub sequence: ChangeSequence,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on there are no more refresh tokens.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A code that an app redeems once (RFC 6749 §4.1.2), without the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// The grant that it begins.
    pub grant_id: GrantId,
    /// The app it is for.
    pub app_id: AppId,
    /// The redirect URI of the request, byte for byte; it has to be repeated if it was in the request.
    pub redirect_uri: String,
    /// Whether the request named it.
    pub was_redirect_uri_sent: bool,
    /// The challenge of the request, if there was one.
    pub challenge: Option<CodeChallenge>,
    /// To be repeated in the ID token.
    pub nonce: Option<String>,
    /// From when on it no longer works.
    pub expires_at: Timestamp,
    /// When it was redeemed.
    pub redeemed_at: Option<Timestamp>,
}

impl AuthorizationCode {
    /// How long a code lives.
    pub const LIFETIME: Duration = Duration::from_secs(60);
}

/// A refresh token, without the token. Each works once: its use makes the next (RFC 9700 §4.14.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The family it is of.
    pub grant_id: GrantId,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// From when on it no longer works.
    pub expires_at: Timestamp,
    /// When the next one took its place.
    pub used_at: Option<Timestamp>,
}
