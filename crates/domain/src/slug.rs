//! Short names that appear in URLs, claims and database names.

use std::fmt;

/// Why a text is not a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Nothing was given.
    #[error("must not be empty")]
    Empty,
    /// More than [`Slug::MAX_LENGTH`] characters.
    #[error("must have at most {} characters", Slug::MAX_LENGTH)]
    TooLong,
    /// A character other than `a-z`, `0-9` and inner hyphens.
    #[error(
        "may only have lower-case letters, digits and hyphens, and starts and ends with a letter or digit"
    )]
    Malformed,
}

/// Lower-case letters, digits and inner hyphens, at most 40 characters: `eu-west`, `pro`, `acme`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The longest slug, in characters.
    pub const MAX_LENGTH: usize = 40;

    /// Accepts exactly the canonical form; nothing is rewritten.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        if text.is_empty() {
            return Err(SlugError::Empty);
        }
        if Self::MAX_LENGTH < text.len() {
            return Err(SlugError::TooLong);
        }
        let inner = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !inner || text.starts_with('-') || text.ends_with('-') {
            return Err(SlugError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_the_canonical_form() {
        for (text, expected) in [
            ("eu-west", None),
            ("a", None),
            ("0", None),
            ("", Some(SlugError::Empty)),
            ("-a", Some(SlugError::Malformed)),
            ("a-", Some(SlugError::Malformed)),
            ("A", Some(SlugError::Malformed)),
            ("a/../b", Some(SlugError::Malformed)),
            ("a%2fb", Some(SlugError::Malformed)),
            ("ä", Some(SlugError::Malformed)),
        ] {
            assert_eq!(Slug::parse(text).err(), expected, "{text}");
        }
        assert_eq!(Slug::parse(&"a".repeat(41)), Err(SlugError::TooLong));
    }
}
