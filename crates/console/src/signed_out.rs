//! The page after signing out.

use askama::Template;

use crate::frame::Frame;
use crate::render::{RenderError, render};

/// Says that the session is over.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The path of the sign-in page.
    pub sign_in_path: &'a str,
}

impl SignedOutPage<'_> {
    /// The page as HTML.
    ///
    /// # Errors
    ///
    /// When the template fails.
    pub fn render(&self) -> Result<String, RenderError> {
        render(self)
    }
}
