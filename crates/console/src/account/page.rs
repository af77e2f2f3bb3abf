//! The account page as a whole.

use askama::Template;

use super::consent::ConsentItem;
use super::message::AccountMessage;
use super::passkey::PasskeyItem;
use super::session::SessionItem;
use super::token::{NewToken, TokenItem, TokenStanding};
use super::totp::TotpState;
use crate::form::PasskeyOffer;
use crate::frame::Frame;
use crate::parts::session_notice::SessionNotice;
use crate::parts::tick_field::TickedAction;

/// The overview of somebody's account.
///
/// The forms post `csrf` and: for the password `current_password` and `new_password`; for a new passkey
/// `name`, `credential` and `ceremony`; to remove the authenticator app `current_password`, of who has one; for a
/// new token `app` and what its form has; to remove a passkey and for new recovery codes their box; the others nothing
/// else.
#[derive(Template)]
#[template(path = "account/page.html")]
pub struct AccountPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// The value of the hidden field `csrf` of all forms.
    pub csrf: &'a str,
    /// The user name.
    pub user_name: &'a str,
    /// The display name.
    pub display_name: &'a str,
    /// The path that signs out.
    pub sign_out_action: &'a str,
    /// The path of the dashboard.
    pub dashboard_path: &'a str,
    /// What to say above everything.
    pub message: Option<AccountMessage>,
    /// Where to sign in again.
    pub sign_in_again_path: &'a str,
    /// Whether what one signs in with can be changed right away, as the person signed in a moment ago.
    pub is_fresh: bool,
    /// The sessions, this one included.
    pub sessions: &'a [SessionItem],
    /// The path that ends all other sessions; offered where there are others.
    pub end_others_action: &'a str,
    /// The apps that were allowed.
    pub consents: &'a [ConsentItem],
    /// The path that changes the password; nothing for somebody without a password.
    pub password_action: Option<&'a str>,
    /// The least number of characters of a new password.
    pub minimum_length: usize,
    /// The passkeys.
    pub passkeys: &'a [PasskeyItem],
    /// The offer to add one; nothing where the server's address allows none.
    pub new_passkey: Option<PasskeyOffer<'a>>,
    /// The authenticator app.
    pub totp: TotpState<'a>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
    /// What makes new recovery codes, which replace the old ones; nothing for somebody without a second factor.
    pub new_recovery_codes: Option<TickedAction>,
    /// The personal access tokens.
    pub tokens: &'a [TokenItem],
    /// The offer to make one.
    pub new_token: Option<NewToken<'a>>,
    /// What says before the session ends that it will.
    pub session_notice: SessionNotice,
}

impl AccountPage<'_> {
    /// The message, unless it belongs beside a field.
    fn message_above(&self) -> Option<AccountMessage> {
        let is_beside =
            self.marks_current_password() || self.marks_new_password() || self.marks_totp_password();
        self.message.filter(|_| !is_beside)
    }

    fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_this)
    }

    fn marks_totp_password(&self) -> bool {
        matches!(self.totp, TotpState::On { asks_password: true, .. })
            && self.message.is_some_and(AccountMessage::marks_totp_password)
    }

    fn marks_current_password(&self) -> bool {
        self.password_action.is_some() && self.message.is_some_and(AccountMessage::marks_current_password)
    }

    fn marks_new_password(&self) -> bool {
        self.password_action.is_some() && self.message.is_some_and(AccountMessage::marks_new_password)
    }
}
