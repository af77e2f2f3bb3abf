//! The page after a passkey was added.

use askama::Template;

use crate::frame::Frame;

/// Says that a passkey can be used from now on.
#[derive(Template)]
#[template(path = "passkey_added.html")]
pub struct PasskeyAddedPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The name that the person gave to it.
    pub passkey_name: &'a str,
    /// The path of the account page.
    pub account_path: &'a str,
}
