//! An anchor: a point of the chain that an operator wrote down somewhere else. It is the only thing that notices
//! an old state of the whole database put back, seal and all.

use std::fmt;
use std::str::FromStr;

use crate::entry_hash::EntryHash;

/// The text is not an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an anchor: expected a position, `:` and 64 hexadecimal digits in lower case")]
pub struct AnchorError;

/// A position of the chain and the hash there. Its text form is `position:hash`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Counted from 1; 0 is the beginning, before the first entry.
    pub position: u64,
    /// The hash of the entry at that position.
    pub hash: EntryHash,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.hash)
    }
}

impl FromStr for Anchor {
    type Err = AnchorError;

    fn from_str(text: &str) -> Result<Self, AnchorError> {
        let (position, hash) = text.split_once(':').ok_or(AnchorError)?;
        // `u64::from_str` would take a leading plus sign.
        if !position.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AnchorError);
        }
        let position = position.parse().map_err(|_| AnchorError)?;
        Ok(Self { position, hash: hash.parse().map_err(|_| AnchorError)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_round_trips() {
        let anchor = Anchor { position: 12, hash: EntryHash::from_bytes([0xa7; 32]) };
        assert_eq!(anchor.to_string(), format!("12:{}", "a7".repeat(32)));
        assert_eq!(anchor.to_string().parse(), Ok(anchor));
    }

    #[test]
    fn other_texts_are_refused() {
        let hash = "a7".repeat(32);
        for text in [
            String::new(),
            hash.clone(),
            format!(":{hash}"),
            format!("+1:{hash}"),
            format!("-1:{hash}"),
            format!(" 1:{hash}"),
            format!("18446744073709551616:{hash}"),
            format!("1:{hash}0"),
            "1:".to_owned(),
        ] {
            assert_eq!(text.parse::<Anchor>(), Err(AnchorError), "{text}");
        }
    }
}
