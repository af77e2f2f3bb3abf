//! The life of an app's secrets. What they are made of is the business of the `secret` crate.

use std::time::Duration;

use crate::id::{AppId, SecretId};
use crate::time::Timestamp;

/// Why an overlap is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an overlap lasts from one minute to {} days", Overlap::MAX.as_secs() / 86_400)]
pub struct OverlapError;

/// How long an older secret goes on beside a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap(Duration);

impl Overlap {
    /// 30 days.
    pub const MAX: Duration = Duration::from_secs(30 * 86_400);

    /// From whole seconds.
    pub fn from_secs(secs: u64) -> Result<Self, OverlapError> {
        let overlap = Duration::from_secs(secs);
        if (Duration::from_secs(60)..=Self::MAX).contains(&overlap) {
            Ok(Self(overlap))
        } else {
            Err(OverlapError)
        }
    }

    /// The duration.
    pub const fn as_duration(self) -> Duration {
        self.0
    }
}

/// Where a secret is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretState {
    /// Authenticates its app.
    Live,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// A secret of an app, without the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientSecret {
    /// Identifier.
    pub id: SecretId,
    /// The app it authenticates.
    pub app_id: AppId,
    /// The secret's last four characters, for people to tell secrets apart.
    pub hint: SecretHint,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it no longer counts.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// When it last authenticated its app, to about a minute.
    pub last_used_at: Option<Timestamp>,
}

impl ClientSecret {
    /// The one rule of a secret's validity: neither revoked, nor at or past its expiry.
    pub fn state(&self, now: Timestamp) -> SecretState {
        match (self.revoked_at, self.expires_at) {
            (Some(_), _) => SecretState::Revoked,
            (None, Some(expires_at)) if expires_at <= now => SecretState::Expired,
            (None, Some(_) | None) => SecretState::Live,
        }
    }
}

/// The last four characters of a secret; all of them ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretHint([u8; 4]);

impl SecretHint {
    /// Takes the end of a secret. What is too short to hint at, or not ASCII there, becomes dots.
    pub fn of(secret: &str) -> Self {
        match secret.as_bytes().last_chunk::<4>() {
            Some(last) if 16 <= secret.len() && last.iter().all(u8::is_ascii_graphic) => Self(*last),
            Some(_) | None => Self(*b"...."),
        }
    }

    /// From its stored form; `None` unless it is four ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 4] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_graphic).then_some(Self(bytes))
    }

    /// The four characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("....")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(expires: Option<i64>, revoked: Option<i64>) -> ClientSecret {
        ClientSecret {
            id: SecretId::from_bytes([1; 16]),
            app_id: AppId::from_bytes([2; 16]),
            hint: SecretHint::of("0123456789abcdef"),
            created_at: Timestamp::from_secs(0),
            expires_at: expires.map(Timestamp::from_secs),
            revoked_at: revoked.map(Timestamp::from_secs),
            last_used_at: None,
        }
    }

    #[test]
    fn validity_ends_at_expiry_and_at_revocation() {
        let at = Timestamp::from_secs(100);
        for (expires, revoked, expected) in [
            (None, None, SecretState::Live),
            (Some(101), None, SecretState::Live),
            (Some(100), None, SecretState::Expired),
            (Some(99), None, SecretState::Expired),
            (None, Some(50), SecretState::Revoked),
            (Some(99), Some(50), SecretState::Revoked),
        ] {
            assert_eq!(secret(expires, revoked).state(at), expected, "{expires:?} {revoked:?}");
        }
    }

    #[test]
    fn hints_show_four_characters_of_long_secrets_only() {
        assert_eq!(SecretHint::of("0123456789abcdef").as_str(), "cdef");
        assert_eq!(SecretHint::of("short").as_str(), "....");
        assert_eq!(SecretHint::of("a long secret with é").as_str(), "....");
        assert_eq!(SecretHint::parse("abc"), None);
    }

    #[test]
    fn overlap_is_bounded() {
        assert!(Overlap::from_secs(60).is_ok());
        assert_eq!(Overlap::from_secs(59), Err(OverlapError));
        assert_eq!(Overlap::from_secs(30 * 86_400 + 1), Err(OverlapError));
    }
}
