//! The accent colour of an instance's pages.

/// The accent colours to choose from. A fixed set, since the content security policy leaves no place for styles
/// made per instance, and since each is checked for contrast in light and in dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accent {
    /// Blue, unless something else was chosen.
    #[default]
    Blue,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Violet.
    Violet,
    /// Rose.
    Rose,
    /// Amber.
    Amber,
    /// Slate: almost without colour.
    Slate,
}

impl Accent {
    /// Every accent.
    pub const ALL: [Self; 7] =
        [Self::Blue, Self::Teal, Self::Green, Self::Violet, Self::Rose, Self::Amber, Self::Slate];

    /// The word, on the wire and as it is stored, for example `blue`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Teal => "teal",
            Self::Green => "green",
            Self::Violet => "violet",
            Self::Rose => "rose",
            Self::Amber => "amber",
            Self::Slate => "slate",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Accent;

    #[test]
    fn every_accent_has_a_word_of_its_own() {
        let words: BTreeSet<_> = Accent::ALL.map(Accent::as_str).into_iter().collect();
        assert_eq!(words.len(), Accent::ALL.len());
        assert_eq!(Accent::default().as_str(), "blue");
    }
}
