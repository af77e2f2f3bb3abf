//! What all pages of an instance have in common: its name, its accent colour and where the assets are.

use crate::assets;

/// How the pages of one instance look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// The name of the instance, as people know it; in the header and in every title.
    pub name: String,
    /// The colour of buttons, links and focus marks.
    pub accent: Accent,
}

impl Theme {
    /// What stands in the mark beside the name: its first character.
    pub(crate) fn initial(&self) -> String {
        self.name.chars().take(1).flat_map(char::to_uppercase).collect()
    }
}

/// The accent colours to choose from. A fixed set, since the content security policy leaves no place for
/// styles made per instance, and since each is checked for contrast in light and in dark.
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

    /// The name in settings, for example `blue`.
    #[must_use]
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

    /// The accent of this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|accent| accent.as_str() == name)
    }
}

/// The surroundings of a page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The look of the instance.
    pub theme: &'a Theme,
    /// The path below which the assets are served, with a slash at its end: `/account/assets/`.
    pub assets: &'a str,
}

impl Frame<'_> {
    /// The address of the style sheet.
    pub(crate) fn stylesheet(&self) -> String {
        self.address_of(&assets::STYLESHEET)
    }

    /// The address of the script that talks to authenticators.
    pub(crate) fn passkeys_script(&self) -> String {
        self.address_of(&assets::PASSKEYS_SCRIPT)
    }

    /// The address of the script behind the buttons that copy.
    pub(crate) fn copy_script(&self) -> String {
        self.address_of(&assets::COPY_SCRIPT)
    }

    /// The address of the script that submits the form of the form_post response mode.
    pub(crate) fn submit_script(&self) -> String {
        self.address_of(&assets::SUBMIT_SCRIPT)
    }

    fn address_of(&self, asset: &assets::Asset) -> String {
        format!("{}{}", self.assets, asset.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Accent;

    #[test]
    fn an_accent_is_found_by_its_name() {
        for accent in Accent::ALL {
            assert_eq!(Accent::from_name(accent.as_str()), Some(accent));
        }
        assert_eq!(Accent::from_name("Blue"), None);
    }
}
