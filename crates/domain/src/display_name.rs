//! Names that people give to things.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Why a text is not a display name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DisplayNameError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More than [`DisplayName::MAX_LENGTH`] characters.
    #[error("must have at most {} characters", DisplayName::MAX_LENGTH)]
    TooLong,
    /// A control character, or one that reorders the text around it.
    #[error("must not contain control or text-direction override characters")]
    ControlCharacter,
}

/// 1 to 100 characters in Unicode normal form C, without surrounding or repeated white space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// The longest name, in characters.
    pub const MAX_LENGTH: usize = 100;

    /// Normalises white space and Unicode form, refuses what would disturb a page or a log line.
    pub fn parse(text: &str) -> Result<Self, DisplayNameError> {
        // Normalisation may grow a text; what is absurdly long is refused before that work.
        if 4 * Self::MAX_LENGTH < text.chars().take(4 * Self::MAX_LENGTH + 1).count() {
            return Err(DisplayNameError::TooLong);
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
        if name.chars().all(|c| c == ' ' || is_invisible(c)) {
            return Err(DisplayNameError::Empty);
        }
        if Self::MAX_LENGTH < name.chars().count() {
            return Err(DisplayNameError::TooLong);
        }
        if name.chars().any(|c| c.is_control() || is_direction_override(c)) {
            return Err(DisplayNameError::ControlCharacter);
        }
        Ok(Self(name))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names that a person would take for the same have in common: the key of uniqueness rules.
    pub fn uniqueness_key(&self) -> String {
        self.0.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).nfc().collect()
    }
}

fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters without a shape of their own: joiners and spaces of no width, byte order and direction marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_unicode_form_are_normalised() {
        let name = DisplayName::parse("  Cafe\u{301} \t Invoices ").unwrap();
        assert_eq!(name.as_str(), "Café Invoices");
    }

    #[test]
    fn refusals() {
        assert_eq!(DisplayName::parse(" \t "), Err(DisplayNameError::Empty));
        assert_eq!(DisplayName::parse("\u{200b} \u{feff}"), Err(DisplayNameError::Empty));
        assert_eq!(DisplayName::parse(&"x".repeat(101)), Err(DisplayNameError::TooLong));
        assert_eq!(DisplayName::parse(&"x".repeat(100_000)), Err(DisplayNameError::TooLong));
        assert_eq!(DisplayName::parse("a\0b"), Err(DisplayNameError::ControlCharacter));
        assert_eq!(DisplayName::parse("a\u{1b}[2J"), Err(DisplayNameError::ControlCharacter));
        assert_eq!(DisplayName::parse("\u{202e}gpj.exe"), Err(DisplayNameError::ControlCharacter));
    }

    #[test]
    fn names_that_look_alike_share_their_key() {
        let key = |text: &str| DisplayName::parse(text).unwrap().uniqueness_key();
        assert_eq!(key("My App"), key("my  app"));
        assert_eq!(key("Straße"), key("straße"));
        assert_eq!(key("ＡＰＰ"), key("app"));
        assert_eq!(key("a\u{200b}pp\u{feff}"), key("app"));
        assert_ne!(key("app 1"), key("app 2"));
    }
}
