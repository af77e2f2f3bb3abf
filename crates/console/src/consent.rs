//! The page that asks whether an app may act for somebody.

use askama::Template;

use crate::form::Form;
use crate::frame::Frame;

/// The consent page: one form with two buttons named `decision`, with the values `allow` and `deny`.
#[derive(Template)]
#[template(path = "consent.html")]
pub struct ConsentPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the form goes.
    pub form: Form<'a>,
    /// The name of the app.
    pub app_name: &'a str,
    /// The name of the tenant that the app belongs to.
    pub tenant_name: &'a str,
    /// The host that the person is sent back to.
    pub redirect_host: &'a str,
    /// What the app asks for.
    pub scopes: &'a [ConsentScope],
    /// Who is asked.
    pub user_name: &'a str,
}

/// One scope that an app asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentScope {
    /// The scope as in the protocol.
    pub name: String,
    /// What it means, in the words of the person who decides; may be empty.
    pub description: String,
}
