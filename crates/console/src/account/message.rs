//! What the account page says after something was done or refused.

use crate::password_problem::PasswordProblem;

/// A message on the account page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountMessage {
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
    /// The authenticator app was set up.
    TotpAdded,
    /// The authenticator app was removed.
    TotpRemoved,
    /// A personal access token was revoked.
    TokenRevoked,
    /// The personal access token cannot be made like this.
    TokenRefused,
    /// The last way to sign in cannot be removed.
    LastSignInMethod,
    /// Too many attempts; a pause is needed.
    TooManyAttempts,
}

impl AccountMessage {
    /// The code, in the attribute `data-code` of the message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SessionEnded => "session_ended",
            Self::ConsentRevoked => "consent_revoked",
            Self::PasswordChanged => "password_changed",
            Self::CurrentPasswordRefused => "current_password_refused",
            Self::NewPassword(problem) => problem.code(),
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeyRefused => "passkey_refused",
            Self::TotpAdded => "totp_added",
            Self::TotpRemoved => "totp_removed",
            Self::TokenRevoked => "token_revoked",
            Self::TokenRefused => "token_refused",
            Self::LastSignInMethod => "last_sign_in_method",
            Self::TooManyAttempts => "too_many_attempts",
        }
    }

    /// The one phrase of this message.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::SessionEnded => "The session was ended.",
            Self::ConsentRevoked => "The app may no longer act for you.",
            Self::PasswordChanged => "Your password was changed.",
            Self::CurrentPasswordRefused => "The current password is not right. Nothing was changed.",
            Self::NewPassword(problem) => problem.phrase(),
            Self::PasskeyRemoved => "The passkey was removed.",
            Self::PasskeyRefused => "The passkey could not be added. Please try again.",
            Self::TotpAdded => "The authenticator app was set up.",
            Self::TotpRemoved => "The authenticator app was removed.",
            Self::TokenRevoked => "The token was revoked.",
            Self::TokenRefused => "A token cannot be made like this. It needs a name and a lifetime.",
            Self::LastSignInMethod => "This is the only way in which you can sign in, so it stays.",
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
            | Self::TokenRefused
            | Self::LastSignInMethod
            | Self::TooManyAttempts => true,
            Self::SessionEnded
            | Self::ConsentRevoked
            | Self::PasswordChanged
            | Self::PasskeyRemoved
            | Self::TotpAdded
            | Self::TotpRemoved
            | Self::TokenRevoked => false,
        }
    }

    pub(crate) fn marks_current_password(self) -> bool {
        self == Self::CurrentPasswordRefused
    }

    pub(crate) const fn marks_new_password(self) -> bool {
        matches!(self, Self::NewPassword(_))
    }
}
