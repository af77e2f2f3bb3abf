//! What the account page says after something was done or refused.

use crate::password_problem::PasswordProblem;

/// A message on the account page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountMessage {
    /// An invitation was accepted.
    InvitationAccepted,
    /// A session was ended.
    SessionEnded,
    /// A consent was taken back.
    ConsentRevoked,
    /// The password was changed.
    PasswordChanged,
    /// The current password was wrong.
    CurrentPasswordRefused,
    /// The new password cannot be taken.
    NewPassword(PasswordProblem),
    /// A passkey was removed.
    PasskeyRemoved,
    /// The new passkey was not accepted.
    PasskeyRefused,
    /// The person has as many passkeys as there may be.
    TooManyPasskeys,
    /// The authenticator app was set up.
    TotpAdded,
    /// The authenticator app was removed.
    TotpRemoved,
    /// The authenticator app stays: the password was wrong.
    TotpPasswordRefused,
    /// The authenticator app stays: without it the password would have to be better.
    TotpNeeded,
    /// A personal access token was revoked.
    TokenRevoked,
    /// The person has as many personal access tokens for the app as there may be.
    TooManyTokens,
    /// The person signed in again, which something took that was not done before.
    SignedInAgain,
    /// Too many attempts; a pause is needed.
    TooManyAttempts,
}

impl AccountMessage {
    /// The code, in the attribute `data-code` of the message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvitationAccepted => "invitation_accepted",
            Self::SessionEnded => "session_ended",
            Self::ConsentRevoked => "consent_revoked",
            Self::PasswordChanged => "password_changed",
            Self::CurrentPasswordRefused => "current_password_refused",
            Self::NewPassword(problem) => problem.code(),
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeyRefused => "passkey_refused",
            Self::TooManyPasskeys => "too_many_passkeys",
            Self::TotpAdded => "totp_added",
            Self::TotpRemoved => "totp_removed",
            Self::TotpPasswordRefused => "totp_password_refused",
            Self::TotpNeeded => "totp_needed",
            Self::TokenRevoked => "token_revoked",
            Self::TooManyTokens => "too_many_tokens",
            Self::SignedInAgain => "signed_in_again",
            Self::TooManyAttempts => "too_many_attempts",
        }
    }

    /// The one phrase of this message.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::InvitationAccepted => "The invitation was accepted.",
            Self::SessionEnded => "The session was ended.",
            Self::ConsentRevoked => "The app may no longer act for you.",
            Self::PasswordChanged => "Your password was changed.",
            Self::CurrentPasswordRefused => "The current password is not right. Nothing was changed.",
            Self::NewPassword(problem) => problem.phrase(),
            Self::PasskeyRemoved => "The passkey was removed.",
            Self::PasskeyRefused => "The passkey could not be added. Please try again.",
            Self::TooManyPasskeys => "You have as many passkeys as there may be. Please remove one first.",
            Self::TotpAdded => "The authenticator app was set up.",
            Self::TotpRemoved => "The authenticator app was removed.",
            Self::TotpPasswordRefused => "The password is not right. The authenticator app stays.",
            Self::TotpNeeded => {
                "Without the authenticator app your password is too weak. Please change it first."
            }
            Self::TokenRevoked => "The token was revoked.",
            Self::TooManyTokens => {
                "You have as many tokens for this app as there may be. Please revoke one first."
            }
            Self::SignedInAgain => {
                "You are signed in again. Nothing was done yet: if you had sent a form, please send it once more."
            }
            Self::TooManyAttempts => "There were too many attempts. Please wait a moment and try again.",
        }
    }

    /// Whether something went wrong.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        match self {
            Self::CurrentPasswordRefused
            | Self::NewPassword(_)
            | Self::PasskeyRefused
            | Self::TooManyPasskeys
            | Self::TotpPasswordRefused
            | Self::TotpNeeded
            | Self::TooManyTokens
            | Self::TooManyAttempts => true,
            Self::InvitationAccepted
            | Self::SessionEnded
            | Self::ConsentRevoked
            | Self::PasswordChanged
            | Self::PasskeyRemoved
            | Self::TotpAdded
            | Self::TotpRemoved
            | Self::TokenRevoked
            | Self::SignedInAgain => false,
        }
    }

    pub(crate) fn marks_current_password(self) -> bool {
        self == Self::CurrentPasswordRefused
    }

    pub(crate) const fn marks_new_password(self) -> bool {
        matches!(self, Self::NewPassword(_))
    }

    pub(crate) const fn marks_totp_password(self) -> bool {
        matches!(self, Self::TotpPasswordRefused | Self::TotpNeeded)
    }
}
