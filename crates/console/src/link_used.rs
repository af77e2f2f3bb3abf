//! The page behind a one-time link that does not work: used, too old or never made; nobody learns which.

use askama::Template;

use crate::error_page::PageError;
use crate::frame::Frame;

/// Says that a link does not work and how to get a new one.
#[derive(Template)]
#[template(path = "link_used.html")]
pub struct LinkUsedPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The path of the page for forgotten passwords.
    pub forgotten_path: Option<&'a str>,
    /// The path of the sign-in page.
    pub sign_in_path: &'a str,
}

impl LinkUsedPage<'_> {
    fn error(&self) -> PageError {
        PageError::LinkInvalid
    }
}
