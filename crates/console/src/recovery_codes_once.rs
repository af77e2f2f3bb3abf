//! The page that shows new recovery codes, once.

use askama::Template;

use crate::frame::Frame;

/// The new recovery codes.
#[derive(Template)]
#[template(path = "recovery_codes_once.html")]
pub struct RecoveryCodesOncePage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The codes, as they are to be typed.
    pub codes: &'a [String],
    /// The path of the account page.
    pub account_path: &'a str,
}
