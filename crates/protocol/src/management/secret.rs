//! Secrets of apps. The secret itself is in the answer to its making and nowhere else.

use serde::{Deserialize, Serialize};
use turnkeep_domain::client_secret::{ClientSecret, SecretState};
use turnkeep_domain::secret_max_age::SecretExpiryWarning;
use turnkeep_domain::time::Timestamp;

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::revealed_secret::RevealedSecret;
use crate::rfc3339::format_utc;

/// `POST /apps/{id}/secrets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddSecretRequest {
    /// How long the older secret goes on, in seconds.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::OverlapNumber"))]
    pub overlap_seconds: u64,
}

/// `POST /apps/{id}/secrets/{secret_id}/revoke-others`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RevokedOthersResponse {
    /// How many secrets were revoked.
    pub revoked: u32,
}

/// [`SecretState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecretStateName {
    /// Authenticates its app.
    Live,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl From<SecretState> for SecretStateName {
    fn from(state: SecretState) -> Self {
        match state {
            SecretState::Live => Self::Live,
            SecretState::Expired => Self::Expired,
            SecretState::Revoked => Self::Revoked,
        }
    }
}

/// A secret, without the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SecretResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SecretIdText"))]
    pub id: String,
    /// Its last four characters.
    pub hint: String,
    /// Whether it still authenticates its app.
    pub state: SecretStateName,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// From when on it no longer counts.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub expires_at: Option<String>,
    /// 30, 7 or 1 once no more days than that are left to a live secret.
    pub expires_within_days: Option<u16>,
    /// When it was taken back.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub revoked_at: Option<String>,
    /// When it last authenticated its app, to about a minute.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub last_used_at: Option<String>,
}

impl SecretResponse {
    /// Shows a secret as it stands now.
    pub fn new(secret: &ClientSecret, now: Timestamp) -> Self {
        let state = secret.state(now);
        let warning = match state {
            SecretState::Live => SecretExpiryWarning::of(secret.expires_at, now),
            SecretState::Expired | SecretState::Revoked => None,
        };
        Self {
            id: secret.id.to_string(),
            hint: secret.hint.as_str().to_owned(),
            state: state.into(),
            created_at: format_utc(secret.created_at),
            expires_at: secret.expires_at.map(format_utc),
            expires_within_days: warning.map(SecretExpiryWarning::days),
            revoked_at: secret.revoked_at.map(format_utc),
            last_used_at: secret.last_used_at.map(format_utc),
        }
    }
}

/// A new secret, shown this once.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NewSecretResponse {
    /// What is known of it afterwards too.
    #[serde(flatten)]
    pub secret: SecretResponse,
    /// The secret; absent in a repeated answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RevealedSecretText>"))]
    pub client_secret: Option<RevealedSecret>,
    /// `true` in a repeated answer: the secret was shown before and is shown once only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret_withheld: Option<bool>,
}
