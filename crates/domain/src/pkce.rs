//! Proof Key for Code Exchange (RFC 7636), by `S256` only: `plain` proves nothing (RFC 9700 §2.1.1).

use std::fmt;

/// Whether an app has to use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PkceRequirement {
    /// Yes, as every public app has to.
    #[default]
    Required,
    /// An operator lifted it for this confidential app. What the app sends is checked all the same.
    Optional,
}

impl PkceRequirement {
    /// The word, on the wire and as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
        }
    }
}

/// Why a text is not a challenge or a verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    /// Not 43 characters of base64url, as SHA-256 makes them.
    #[error("a code challenge has 43 characters of base64url")]
    Challenge,
    /// Not 43 to 128 unreserved characters (RFC 7636 §4.1).
    #[error("a code verifier has 43 to 128 unreserved characters")]
    Verifier,
}

/// `code_challenge`: BASE64URL(SHA256(verifier)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Accepts 43 characters of base64url.
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let is_base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.len() != 43 || !text.bytes().all(is_base64url) {
            return Err(PkceError::Challenge);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `code_verifier`, a secret of the client.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    /// Accepts 43 to 128 unreserved characters (RFC 7636 §4.1).
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        if !(43..=128).contains(&text.len()) || !text.bytes().all(is_unreserved) {
            return Err(PkceError::Verifier);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, for hashing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_7636_bounds_challenges_and_verifiers() {
        for (length, accepted) in [(42, false), (43, true), (128, true), (129, false)] {
            assert_eq!(CodeVerifier::parse(&"a".repeat(length)).is_ok(), accepted, "{length}");
        }
        assert!(CodeVerifier::parse(&"ä".repeat(30)).is_err());
        assert!(CodeVerifier::parse(&format!("{}+", "a".repeat(43))).is_err());
        for (text, accepted) in [
            ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", true),
            ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", false),
            ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", false),
            ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", false),
        ] {
            assert_eq!(CodeChallenge::parse(text).is_ok(), accepted, "{text}");
        }
    }
}
