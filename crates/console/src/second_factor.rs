//! The page that asks for the second factor after a right password.

use askama::Template;

use crate::form::Form;
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
    /// The way that was tried last, at which the page begins.
    pub way: SecondFactorWay,
    /// What went wrong before.
    pub message: Option<SecondFactorMessage>,
    /// The path of the sign-in page, to begin anew.
    pub sign_in_path: &'a str,
}

impl SecondFactorPage<'_> {
    fn begins_at_recovery_code(&self) -> bool {
        self.way == SecondFactorWay::RecoveryCode
    }

    fn marks_field(&self) -> bool {
        self.message.is_some_and(SecondFactorMessage::marks_field)
    }
}

/// How somebody proves the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorWay {
    /// By a code of their authenticator app.
    Authenticator,
    /// By one of the codes that they put away.
    RecoveryCode,
}

impl SecondFactorWay {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Authenticator, Self::RecoveryCode];

    /// The value of the hidden field `way` in its form.
    #[must_use]
    pub const fn value(self) -> &'static str {
        match self {
            Self::Authenticator => "authenticator",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// The way of a form; that of the authenticator where the form says nothing that we know.
    #[must_use]
    pub fn of_value(value: &str) -> Self {
        Self::ALL.into_iter().find(|way| way.value() == value).unwrap_or(Self::Authenticator)
    }
}

/// What went wrong with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorMessage {
    /// The code is wrong, too old or was used before.
    CodeRefused,
    /// Too many attempts; a pause is needed.
    TooManyAttempts,
}

impl SecondFactorMessage {
    /// Every message.
    pub const ALL: [Self; 2] = [Self::CodeRefused, Self::TooManyAttempts];

    /// The code, in the attribute `data-code` of the message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CodeRefused => "code_refused",
            Self::TooManyAttempts => "too_many_attempts",
        }
    }

    /// The one phrase of this message.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::CodeRefused => "This code is not right, or it was used before. Please enter a new one.",
            Self::TooManyAttempts => "There were too many attempts. Please wait a moment and try again.",
        }
    }

    /// Whether something went wrong: always, here.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        match self {
            Self::CodeRefused | Self::TooManyAttempts => true,
        }
    }

    /// Whether what was typed is the problem, so that its field is marked.
    pub(crate) fn marks_field(self) -> bool {
        self == Self::CodeRefused
    }
}
