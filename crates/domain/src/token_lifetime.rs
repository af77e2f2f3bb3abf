//! How long an access token lives.

use std::time::Duration;

/// The lifetime is outside of what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token lives for {} to {} seconds", TokenLifetime::MIN.as_secs(), TokenLifetime::DEFAULT.as_secs())]
pub struct TokenLifetimeError;

/// Lifetime of an access token: 15 minutes (seed 000 §1) or, by an app's own setting, less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenLifetime(Duration);

impl TokenLifetime {
    /// 15 minutes; also the longest, since it bounds how long a stolen token is of use.
    pub const DEFAULT: Duration = Duration::from_secs(900);
    /// One minute.
    pub const MIN: Duration = Duration::from_secs(60);

    /// From whole seconds.
    pub fn from_secs(secs: u64) -> Result<Self, TokenLifetimeError> {
        let lifetime = Duration::from_secs(secs);
        if (Self::MIN..=Self::DEFAULT).contains(&lifetime) {
            Ok(Self(lifetime))
        } else {
            Err(TokenLifetimeError)
        }
    }

    /// The duration.
    pub const fn as_duration(self) -> Duration {
        self.0
    }
}

impl Default for TokenLifetime {
    fn default() -> Self {
        Self(Self::DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_only_shortens() {
        assert_eq!(TokenLifetime::default().as_duration().as_secs(), 900);
        assert!(TokenLifetime::from_secs(60).is_ok());
        assert!(TokenLifetime::from_secs(900).is_ok());
        assert_eq!(TokenLifetime::from_secs(59), Err(TokenLifetimeError));
        assert_eq!(TokenLifetime::from_secs(901), Err(TokenLifetimeError));
    }
}
