//! Client identifiers: generated ones and those a vendor chooses (seed 002: `ApplicationUri`).

use std::fmt;

/// Why a text is not a client identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientIdError {
    /// Nothing was given.
    #[error("must not be empty")]
    Empty,
    /// More than [`ClientId::MAX_LENGTH`] characters.
    #[error("must have at most {} characters", ClientId::MAX_LENGTH)]
    TooLong,
    /// A character other than visible ASCII.
    #[error("may only have visible ASCII characters, without spaces, quotes and backslashes")]
    Character,
    /// It looks like an identifier that the server makes itself.
    #[error("must not start with `tk_` or `usr_`, which the server keeps for identifiers of its own")]
    Reserved,
}

/// A `client_id` (RFC 6749 §2.2): compared byte for byte, unique in its instance, never changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// The longest identifier, in characters.
    pub const MAX_LENGTH: usize = 200;

    /// What a generated identifier starts with.
    pub const GENERATED_PREFIX: &'static str = "tk_";

    /// Makes an identifier from 15 random bytes: `tk_` and 24 characters.
    pub fn generate(random: [u8; 15]) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut text = String::from(Self::GENERATED_PREFIX);
        for chunk in random.chunks(5) {
            let bits = chunk.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
            for position in (0..8).rev() {
                let digit = usize::try_from((bits >> (5 * position)) & 31).unwrap_or(0);
                text.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'0')));
            }
        }
        Self(text)
    }

    /// Accepts what a vendor chose, such as `com.vendor/app` or an absolute URI.
    pub fn parse_application_uri(text: &str) -> Result<Self, ClientIdError> {
        let id = Self::parse(text)?;
        // `sub` of a service token is the client id: it must never look like a user (RFC 9700 §4.15).
        if text.starts_with(Self::GENERATED_PREFIX) || text.starts_with("usr_") {
            return Err(ClientIdError::Reserved);
        }
        Ok(id)
    }

    /// Accepts any identifier that could be registered: what a request or a stored record presents.
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        if text.is_empty() {
            return Err(ClientIdError::Empty);
        }
        if Self::MAX_LENGTH < text.len() {
            return Err(ClientIdError::TooLong);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\')) {
            return Err(ClientIdError::Character);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_choose_stable_globally_unique_identifiers() {
        for good in ["com.vendor/app", "https://vendor.example/app?x=1&y=2", "a", "a:b+c%2F=d"] {
            assert!(ClientId::parse_application_uri(good).is_ok(), "{good}");
        }
        for (bad, expected) in [
            ("", ClientIdError::Empty),
            ("com.vendor/app ", ClientIdError::Character),
            ("com.vendor\0app", ClientIdError::Character),
            ("cöm.vendor/app", ClientIdError::Character),
            ("a\"b", ClientIdError::Character),
            ("tk_0123", ClientIdError::Reserved),
            ("usr_0123", ClientIdError::Reserved),
        ] {
            assert_eq!(ClientId::parse_application_uri(bad), Err(expected), "{bad}");
        }
        assert_eq!(ClientId::parse(&"x".repeat(201)), Err(ClientIdError::TooLong));
    }

    #[test]
    fn generated_identifiers_parse_back() {
        let id = ClientId::generate([0xff; 15]);
        assert_eq!(id.as_str(), "tk_zzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(ClientId::parse(id.as_str()), Ok(id));
    }

    #[test]
    fn case_makes_another_identifier() {
        assert_ne!(ClientId::parse("com.vendor/App"), ClientId::parse("com.vendor/app"));
    }
}
