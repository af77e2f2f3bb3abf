//! What the token endpoint gives to an app, whatever was handed in.

use std::fmt;
use std::time::Duration;

use turnkeep_domain::scope::ScopeSet;
use turnkeep_secret::plaintext::PlaintextSecret;

/// A token that cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl AccessToken {
    pub(crate) const fn new(token: String) -> Self {
        Self(token)
    }

    /// The compact JWS, for the response.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// An access token with what comes with it, and what the response says about them.
#[derive(Debug)]
pub struct GrantedTokens {
    /// By which the app acts.
    pub access_token: AccessToken,
    /// How long it lives.
    pub lifetime: Duration,
    /// What was granted.
    pub scopes: ScopeSet,
    /// By which the app goes on, if a person granted it.
    pub refresh_token: Option<PlaintextSecret>,
    /// Who signed in, if the app asked.
    pub id_token: Option<AccessToken>,
}
