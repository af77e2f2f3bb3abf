//! The page that asks for the second factor after a right password.

use askama::Template;

use crate::form::{Form, PasskeyOffer};
use crate::frame::Frame;

/// The page of the second step. The field of both of its forms is `code`: one for the code of an
/// authenticator app, one for a recovery code; they go to the same address.
#[derive(Template)]
#[template(path = "second_factor.html")]
pub struct SecondFactorPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the forms go.
    pub form: Form<'a>,
    /// The value of the hidden field `pending`: the sealed first step.
    pub pending: &'a str,
    /// What went wrong before.
    pub message: Option<SecondFactorMessage>,
    /// Whether the person has an authenticator app.
    pub takes_totp: bool,
    /// Whether the person has recovery codes left.
    pub takes_recovery_code: bool,
    /// The offer to use a passkey.
    pub passkey: Option<PasskeyOffer<'a>>,
    /// The path of the sign-in page, to begin anew.
    pub sign_in_path: &'a str,
}

impl SecondFactorPage<'_> {
    fn marks_fields(&self) -> bool {
        self.message.is_some_and(SecondFactorMessage::marks_fields)
    }
}

/// What went wrong with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorMessage {
    /// The code is wrong, too old or was used before.
    CodeRefused,
    /// The passkey was not accepted.
    PasskeyRefused,
    /// Too many attempts; a pause is needed.
    TooManyAttempts,
}

impl SecondFactorMessage {
    /// Every message.
    pub const ALL: [Self; 3] = [Self::CodeRefused, Self::PasskeyRefused, Self::TooManyAttempts];

    /// The code, in the attribute `data-code` of the message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CodeRefused => "code_refused",
            Self::PasskeyRefused => "passkey_refused",
            Self::TooManyAttempts => "too_many_attempts",
        }
    }

    /// The one phrase of this message.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::CodeRefused => "This code is not right, or it was used before. Please enter a new one.",
            Self::PasskeyRefused => "This passkey was not accepted. Please try again or use a code.",
            Self::TooManyAttempts => "There were too many attempts. Please wait a moment and try again.",
        }
    }

    /// Whether something went wrong: always, here.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        match self {
            Self::CodeRefused | Self::PasskeyRefused | Self::TooManyAttempts => true,
        }
    }

    /// Whether what was typed is the problem, so that the fields are marked.
    pub(crate) fn marks_fields(self) -> bool {
        self == Self::CodeRefused
    }
}
