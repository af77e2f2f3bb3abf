//! The page that brings the answer of the authorization endpoint to an app as a form (OAuth 2.0 Form Post
//! Response Mode §2).

use askama::Template;

use crate::frame::Frame;

/// The form that goes to the app: by itself where the script runs, by its button where not. Its content security
/// policy has to allow the origin of `action` in `form-action`.
#[derive(Template)]
#[template(path = "form_post.html")]
pub struct FormPostPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The redirect URI of the app.
    pub action: &'a str,
    /// The parameters of the answer.
    pub fields: &'a [ResponseField],
}

/// One parameter of an authorization response; may hold a code, so it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseField {
    /// The name of the parameter.
    pub name: String,
    /// Its value.
    pub value: String,
}
