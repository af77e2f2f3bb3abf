//! The page that asks who somebody is: user name and password, or a passkey.

use askama::Template;

use crate::form::{Form, PasskeyOffer};
use crate::frame::Frame;

/// The sign-in page. Its fields are `user_name` and `password`.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the form goes.
    pub form: Form<'a>,
    /// The app that the person wants to get into, if a request of an app led here.
    pub app_name: Option<&'a str>,
    /// What the field for the user name starts with: the hint of the app, or what was typed before.
    pub user_name: &'a str,
    /// What to say above the form.
    pub message: Option<SignInMessage>,
    /// The offer to use a passkey.
    pub passkey: Option<PasskeyOffer<'a>>,
    /// The path of the page for forgotten passwords.
    pub forgotten_path: Option<&'a str>,
}

impl SignInPage<'_> {
    fn marks_fields(&self) -> bool {
        self.message.is_some_and(SignInMessage::marks_fields)
    }

    /// The id of the message, which is read out with the field that has the focus.
    fn message_id(&self) -> Option<&'static str> {
        self.message.map(|message| if message.is_problem() { "error-message" } else { "notice" })
    }
}

/// What the sign-in page has to say. None tells whether a user exists (ASVS 6.3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInMessage {
    /// User name and password do not fit together, for whatever reason.
    Refused,
    /// The passkey was not accepted, for whatever reason.
    PasskeyRefused,
    /// Too many attempts; a pause is needed.
    TooManyAttempts,
    /// The form was too old, or the browser sent no cookie with it.
    FormExpired,
    /// The step with the second factor took too long.
    SecondFactorExpired,
    /// The app wants a fresh sign-in although there is a session.
    SignInAgain,
    /// Something was sent in a session that is over.
    SessionOver,
}

impl SignInMessage {
    /// Every message.
    pub const ALL: [Self; 7] = [
        Self::Refused,
        Self::PasskeyRefused,
        Self::TooManyAttempts,
        Self::FormExpired,
        Self::SecondFactorExpired,
        Self::SignInAgain,
        Self::SessionOver,
    ];

    /// The code, in the attribute `data-code` of the message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refused => "sign_in_refused",
            Self::PasskeyRefused => "passkey_refused",
            Self::TooManyAttempts => "too_many_attempts",
            Self::FormExpired => "form_expired",
            Self::SecondFactorExpired => "second_factor_expired",
            Self::SignInAgain => "sign_in_again",
            Self::SessionOver => "session_over",
        }
    }

    /// The one phrase of this message.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Refused => "User name or password is not right. Please try again.",
            Self::PasskeyRefused => "This passkey was not accepted. Please try again or use your password.",
            Self::TooManyAttempts => "There were too many attempts. Please wait a moment and try again.",
            Self::FormExpired => "The page was open for too long. Please sign in once more.",
            Self::SecondFactorExpired => "The second step took too long. Please sign in once more.",
            Self::SignInAgain => "To continue, please sign in again.",
            Self::SessionOver => "Your session has ended. What you had sent was not done: sign in to go on.",
        }
    }

    /// Whether something went wrong.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        match self {
            Self::Refused
            | Self::PasskeyRefused
            | Self::TooManyAttempts
            | Self::FormExpired
            | Self::SecondFactorExpired
            | Self::SessionOver => true,
            Self::SignInAgain => false,
        }
    }

    /// Whether what was typed is the problem, so that the fields are marked.
    pub(crate) fn marks_fields(self) -> bool {
        self == Self::Refused
    }
}
