//! The page after signing out.

use askama::Template;

use crate::frame::Frame;

/// Says that the session is over.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The path of the sign-in page.
    pub sign_in_path: &'a str,
}
