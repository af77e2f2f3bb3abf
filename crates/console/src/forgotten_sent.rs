//! The page after the wish for a new password: the same whether there is such a user or not (ASVS 6.3.8).

use askama::Template;

use crate::frame::Frame;

/// Says that a message is on its way if there is an account.
#[derive(Template)]
#[template(path = "forgotten_sent.html")]
pub struct ForgottenSentPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The path of the sign-in page.
    pub sign_in_path: &'a str,
}
