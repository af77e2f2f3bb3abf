//! The reference tokens of an app: all there are, without the tokens, and a form that makes one for a service.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;
use crate::parts::text_field::TextField;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/reference_tokens.html")]
pub struct ReferenceTokensPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// Whether the app takes reference tokens at all.
    pub are_taken: bool,
    /// The path of the settings, where that is chosen; nothing for who may not.
    pub settings_path: Option<String>,
    /// The tokens of this page, in the order in which they were made.
    pub tokens: Vec<ReferenceTokenItem>,
    /// The path of the next page.
    pub next_path: Option<String>,
    /// What makes a token for a service; nothing for who may not.
    pub making: Option<MakingServiceTokens>,
}

/// A token, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceTokenItem {
    /// Its id.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// Its last four characters.
    pub hint: String,
    /// Whether it acts as the person who made it; else it is one for services.
    pub is_personal: bool,
    /// As whom it acts.
    pub holder: String,
    /// The resource it is for.
    pub audience: String,
    /// What it may do there.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Moment,
    /// When it stops to work.
    pub expires_at: Moment,
    /// When it was last used, if ever.
    pub last_used_at: Option<Moment>,
    /// Where it is in its life.
    pub state: ReferenceTokenItemState,
    /// The path that revokes it; nothing for who may not, and for one that does not work anyway.
    pub revoke_action: Option<String>,
}

/// Where a token is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferenceTokenItemState {
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

/// Whether service access tokens can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MakingServiceTokens {
    /// By this form.
    Offered(Box<ServiceTokenForm>),
    /// Not for a public app, which has no service access.
    PublicApp,
    /// Not while service access is off.
    ServiceAccessOff {
        /// The path of the settings, for operators: they alone turn it on.
        settings_path: Option<String>,
    },
}

/// What makes a service access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceTokenForm {
    /// The path that makes it.
    pub action: String,
    /// What it is called.
    pub name: TextField,
    /// What it may do; nothing to choose from for an app without any.
    pub scopes: Vec<ScopeTick>,
    /// What is wrong with what was ticked.
    pub scopes_error: Option<String>,
    /// How long it works.
    pub days: ChoiceField,
}

/// A scope to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeTick {
    /// The name of its field.
    pub field: String,
    /// Its name.
    pub scope: String,
    /// Whether it is ticked.
    pub is_ticked: bool,
}
