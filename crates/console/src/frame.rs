//! What all pages of an instance have in common: its name, its accent colour and where the assets are.

use turnkeep_domain::accent::Accent;

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

    /// The address of what the dashboard's pages have besides.
    pub(crate) fn dashboard_stylesheet(&self) -> String {
        self.address_of(&assets::DASHBOARD_STYLESHEET)
    }

    /// The address of the script that shows times in the reader's zone.
    pub(crate) fn times_script(&self) -> String {
        self.address_of(&assets::TIMES_SCRIPT)
    }

    /// The address of the script that talks to authenticators.
    pub(crate) fn passkeys_script(&self) -> String {
        self.address_of(&assets::PASSKEYS_SCRIPT)
    }

    /// The address of the script behind the buttons that copy.
    pub(crate) fn copy_script(&self) -> String {
        self.address_of(&assets::COPY_SCRIPT)
    }

    /// The address of the script that checks a new app's name and domains while they are typed.
    pub(crate) fn new_app_script(&self) -> String {
        self.address_of(&assets::NEW_APP_SCRIPT)
    }

    /// The address of the script that asks before somebody leaves a secret behind.
    pub(crate) fn leave_guard_script(&self) -> String {
        self.address_of(&assets::LEAVE_GUARD_SCRIPT)
    }

    /// The address of the script that keeps charts up to date.
    pub(crate) fn live_script(&self) -> String {
        self.address_of(&assets::LIVE_SCRIPT)
    }

    /// The address of the script that keeps whoever types signed in, and says it before a session ends.
    pub(crate) fn session_script(&self) -> String {
        self.address_of(&assets::SESSION_SCRIPT)
    }

    /// The address of the script that submits the form of the form_post response mode.
    pub(crate) fn submit_script(&self) -> String {
        self.address_of(&assets::SUBMIT_SCRIPT)
    }

    fn address_of(&self, asset: &assets::Asset) -> String {
        format!("{}{}", self.assets, asset.name)
    }
}
