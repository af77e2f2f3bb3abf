//! Personal access tokens on the account page.

use crate::dashboard::reference_tokens::ScopeTick;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;
use crate::parts::text_field::TextField;

/// One personal access token; its value is long forgotten.
#[derive(Debug, Clone)]
pub struct TokenItem {
    /// The name that the person gave to it.
    pub name: String,
    /// The app that it is for.
    pub app_name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub made_at: Moment,
    /// When it stops to work.
    pub expires_at: Moment,
    /// Whether it would be taken now.
    pub standing: TokenStanding,
    /// When it was last used, if ever.
    pub last_used_at: Option<Moment>,
    /// The path that revokes it.
    pub revoke_action: String,
}

/// Whether a token whose time is not over would be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStanding {
    /// It would.
    Works,
    /// Its app allows the person no personal tokens.
    NotAllowed,
    /// It is refused for another reason, which is that of its app, or of what the person may do there.
    Refused,
}

/// The offer to make a token: one form for each app.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// The path that makes it.
    pub action: &'a str,
    /// The apps that take personal access tokens of this person.
    pub apps: &'a [TokenApp],
}

/// An app that takes personal access tokens, with its form.
#[derive(Debug, Clone)]
pub struct TokenApp {
    /// The value of the hidden field `app`.
    pub id: String,
    /// The name of the app.
    pub name: String,
    /// The tenant that the app belongs to.
    pub tenant_name: String,
    /// Whether the form is unfolded: it was sent, and is to be put right.
    pub is_open: bool,
    /// What the token is called.
    pub token_name: TextField,
    /// The scopes to choose from.
    pub scopes: Vec<ScopeTick>,
    /// What is wrong with what was ticked.
    pub scopes_error: Option<String>,
    /// How long it works.
    pub days: ChoiceField,
}
