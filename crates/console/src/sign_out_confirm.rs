//! The page that asks before it signs somebody out (RP-Initiated Logout §2).

use askama::Template;

use crate::form::Form;
use crate::frame::Frame;

/// The question whether to sign out.
#[derive(Template)]
#[template(path = "sign_out_confirm.html")]
pub struct SignOutConfirmPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the form goes; `interaction` carries the sealed request for the logout.
    pub form: Form<'a>,
    /// The app that asked for the logout, if one is known.
    pub app_name: Option<&'a str>,
    /// Who is signed in.
    pub user_name: &'a str,
    /// The path to stay signed in: the account page.
    pub account_path: &'a str,
}
