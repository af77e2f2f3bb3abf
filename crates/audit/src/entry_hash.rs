//! The hash that stands for an entry and, through the chain, for everything before it.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;

/// The text is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hash: expected 64 hexadecimal digits in lower case")]
pub struct EntryHashError;

/// A SHA-256 value (FIPS 180-4); its text form is 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryHash([u8; 32]);

impl EntryHash {
    /// From its stored form.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for EntryHash {
    type Err = EntryHashError;

    fn from_str(text: &str) -> Result<Self, EntryHashError> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| EntryHashError)?;
        bytes.try_into().map(Self).map_err(|_| EntryHashError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_round_trips() {
        let hash = EntryHash::from_bytes([0xa7; 32]);
        assert_eq!(hash.to_string(), "a7".repeat(32));
        assert_eq!(hash.to_string().parse(), Ok(hash));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [String::new(), "a7".repeat(31), "a7".repeat(33), "A7".repeat(32), "g7".repeat(32)] {
            assert_eq!(text.parse::<EntryHash>(), Err(EntryHashError), "{text}");
        }
    }
}
