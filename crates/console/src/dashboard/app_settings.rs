//! The settings of an app, each with what there is to know about it.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::text_field::TextField;

/// The form.
#[derive(Template)]
#[template(path = "dashboard/app_settings.html")]
pub struct AppSettingsPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// The path of this page, where the form is sent.
    pub action: String,
    /// The version of the app that the form is about.
    pub version: i64,
    /// Its name.
    pub name: TextField,
    /// The three slots.
    pub allowed_domains: Vec<TextField>,
    /// What is wrong with the slots together.
    pub allowed_domains_error: Option<String>,
    /// Who may sign in.
    pub sign_in: ChoiceField,
    /// Where sign-in leads back to.
    pub login_redirect_uris: TextField,
    /// Where sign-out leads back to.
    pub logout_redirect_uris: TextField,
    /// Where the app is told that a session is over.
    pub backchannel_logout_uri: TextField,
    /// Whether people can sign in without PKCE; nothing for who has no say in it.
    pub pkce: Option<ChoiceField>,
    /// As whom the app acts without a person.
    pub service_access: ChoiceField,
    /// As which system user; nothing for who has no say in it.
    pub system_user: Option<ChoiceField>,
    /// What it may be granted.
    pub scopes: TextField,
    /// What there is to be granted.
    pub known_scopes: Vec<ScopeItem>,
    /// How long its tokens live.
    pub token_lifetime: TextField,
    /// Who may make reference tokens.
    pub reference_tokens: ChoiceField,
    /// Legacy Basic authentication of users.
    pub basic_authentication: ChoiceField,
}

/// A scope of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeItem {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub description: String,
    /// Whether no app of a tenant ever gets it.
    pub is_reserved: bool,
}
