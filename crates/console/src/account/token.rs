//! Personal access tokens on the account page.

use crate::parts::moment::Moment;

/// What the names of the fields for scopes of a new token begin with: a ticked scope `orders.read` is sent
/// as `scope:orders.read=on`, so that no parameter comes twice.
pub const SCOPE_FIELD_PREFIX: &str = "scope:";

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
    /// When it was last used, if ever.
    pub last_used_at: Option<Moment>,
    /// The path that revokes it.
    pub revoke_action: String,
}

/// The offer to make a token: one form for each app.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// The path that makes it.
    pub action: &'a str,
    /// The apps that take personal access tokens of this person.
    pub apps: &'a [TokenApp],
    /// The lifetimes to choose from, in days.
    pub lifetimes: &'a [u32],
}

/// An app that takes personal access tokens.
#[derive(Debug, Clone)]
pub struct TokenApp {
    /// The value of the hidden field `app`.
    pub id: String,
    /// The name of the app.
    pub name: String,
    /// The tenant that the app belongs to.
    pub tenant_name: String,
    /// The scopes to choose from.
    pub scopes: Vec<String>,
}

impl NewToken<'_> {
    /// The name of the field for a scope.
    pub(crate) fn scope_field(&self, scope: &str) -> String {
        format!("{SCOPE_FIELD_PREFIX}{scope}")
    }
}
