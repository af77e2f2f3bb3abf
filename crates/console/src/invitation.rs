//! The pages behind the link of an invitation into a tenant.

use askama::Template;

use crate::error_page::PageError;
use crate::form::Form;
use crate::frame::Frame;
use crate::parts::moment::Moment;

/// Asks the invited person whether to accept; the form posts the field `token`.
#[derive(Template)]
#[template(path = "invitation.html")]
pub struct InvitationPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the form goes.
    pub form: Form<'a>,
    /// The value of the hidden field `token`: the secret of the invitation.
    pub token: &'a str,
    /// The name of the tenant.
    pub tenant_name: &'a str,
    /// As what the person is invited.
    pub role: &'a str,
    /// Who is signed in, and invited.
    pub user_name: &'a str,
    /// From when on it cannot be accepted.
    pub expires_at: Moment,
    /// The path that leaves it as it is: the account page.
    pub account_path: &'a str,
}

/// Says that an invitation does not work; nobody learns why.
#[derive(Template)]
#[template(path = "invitation_spent.html")]
pub struct InvitationSpentPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Who is signed in, if anybody is.
    pub user_name: Option<&'a str>,
    /// The path to sign in, perhaps as somebody else.
    pub sign_in_path: &'a str,
}

impl InvitationSpentPage<'_> {
    fn error(&self) -> PageError {
        PageError::LinkInvalid
    }
}
