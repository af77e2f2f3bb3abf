//! The page that shows a new personal access token, once (requirement B.11: shown once, `no-store`).

use askama::Template;

use crate::frame::Frame;
use crate::parts::moment::Moment;

/// The new personal access token.
#[derive(Template)]
#[template(path = "token_once.html")]
pub struct TokenOncePage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The token itself.
    pub token: &'a str,
    /// The name that the person gave to it.
    pub token_name: &'a str,
    /// The app that it is for.
    pub app_name: &'a str,
    /// When it stops to work.
    pub expires_at: Moment,
    /// The path of the account page.
    pub account_path: &'a str,
}
