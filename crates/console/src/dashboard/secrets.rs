//! The secrets of an app: hints and ages, never a secret, and the forms that make and take back some.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;
use crate::parts::tick_field::TickField;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/secrets.html")]
pub struct SecretsPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// Whether the app is one that keeps no secret (seed 002: public clients).
    pub is_public: bool,
    /// The secrets, the newest first.
    pub secrets: Vec<SecretItem>,
    /// What makes new ones; nothing for who may not.
    pub forms: Option<SecretForms>,
}

/// A secret, without the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretItem {
    /// Its id.
    pub id: String,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Moment,
    /// How old it is: `12 days`.
    pub age: String,
    /// When it was last used, if ever.
    pub last_used_at: Option<Moment>,
    /// When it stops to work, if ever.
    pub expires_at: Option<Moment>,
    /// Where it is in its life.
    pub state: SecretItemState,
    /// The path that revokes it; nothing for who may not, and for one that does not work anyway.
    pub revoke_action: Option<String>,
    /// The path that revokes all others, where there are others that work.
    pub keep_action: Option<String>,
}

/// Where a secret is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretItemState {
    /// It works.
    Live,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked {
        /// When.
        at: Moment,
    },
}

/// What makes new secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretForms {
    /// The version of the app that the forms are about.
    pub version: i64,
    /// The path that replaces all secrets.
    pub regenerate_action: String,
    /// The box to tick for it.
    pub regenerate_tick: TickField,
    /// The path that adds one, where there is room for another.
    pub add_action: Option<String>,
    /// How long the older one goes on.
    pub overlap: ChoiceField,
}
