//! The page that takes the wish for a new password.

use askama::Template;

use crate::form::Form;
use crate::frame::Frame;

/// Asks for an e-mail address or a user name, in the field `email`.
#[derive(Template)]
#[template(path = "forgotten.html")]
pub struct ForgottenPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the form goes.
    pub form: Form<'a>,
    /// The path of the sign-in page.
    pub sign_in_path: &'a str,
}
