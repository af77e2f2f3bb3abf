//! The page behind a one-time link: the first operator's, an invitation or a reset.

use askama::Template;

use crate::form::Form;
use crate::frame::Frame;
use crate::password_problem::PasswordProblem;

/// Asks for a new password, in the field `new_password`; of the first operator also `user_name` and
/// `display_name`.
#[derive(Template)]
#[template(path = "set_password.html")]
pub struct SetPasswordPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// Where the form goes.
    pub form: Form<'a>,
    /// The value of the hidden field `token`: the secret of the link.
    pub token: &'a str,
    /// Whose password it becomes.
    pub person: PasswordOwner<'a>,
    /// The least number of characters.
    pub minimum_length: usize,
    /// What went wrong before.
    pub message: Option<SetPasswordMessage>,
}

/// Whose password is set.
#[derive(Debug, Clone, Copy)]
pub enum PasswordOwner<'a> {
    /// The first operator, who also chooses the names.
    FirstOperator {
        /// What the field for the user name starts with.
        user_name: &'a str,
        /// What the field for the display name starts with.
        display_name: &'a str,
    },
    /// A user that exists already.
    User {
        /// The user name.
        user_name: &'a str,
    },
}

impl SetPasswordPage<'_> {
    fn is_first_operator(&self) -> bool {
        matches!(self.person, PasswordOwner::FirstOperator { .. })
    }

    /// The message, unless it belongs beside a field.
    fn message_above(&self) -> Option<SetPasswordMessage> {
        let is_beside = self.marks_password() || self.marks_user_name() || self.marks_display_name();
        self.message.filter(|_| !is_beside)
    }

    fn marks_password(&self) -> bool {
        self.message.is_some_and(SetPasswordMessage::marks_password)
    }

    fn marks_user_name(&self) -> bool {
        self.is_first_operator() && self.message == Some(SetPasswordMessage::UserNameRefused)
    }

    fn marks_display_name(&self) -> bool {
        self.is_first_operator() && self.message == Some(SetPasswordMessage::DisplayNameRefused)
    }

    /// Whether the message is read out with this field: the one it is about, or where the page begins.
    fn describes(&self, field: Focus) -> bool {
        self.message.is_some() && self.focus() == field
    }

    /// The field to begin with: the one that is marked, else the first that is open.
    fn focus(&self) -> Focus {
        if self.marks_display_name() {
            Focus::DisplayName
        } else if self.marks_password() || !self.is_first_operator() {
            Focus::Password
        } else {
            Focus::UserName
        }
    }
}

/// Which field has the focus when the page opens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Focus {
    UserName,
    DisplayName,
    Password,
}

/// What went wrong while a password was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetPasswordMessage {
    /// The password cannot be taken.
    Password(PasswordProblem),
    /// The user name of the first operator cannot be taken.
    UserNameRefused,
    /// The display name of the first operator cannot be taken.
    DisplayNameRefused,
    /// The form was too old, or the browser sent no cookie with it.
    FormExpired,
}

impl SetPasswordMessage {
    /// The code, in the attribute `data-code` of the message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password(problem) => problem.code(),
            Self::UserNameRefused => "user_name_refused",
            Self::DisplayNameRefused => "display_name_refused",
            Self::FormExpired => "form_expired",
        }
    }

    /// The one phrase of this message.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Password(problem) => problem.phrase(),
            Self::UserNameRefused => "This user name cannot be used. Letters, digits, dots and hyphens can.",
            Self::DisplayNameRefused => "This display name cannot be used. It must not be empty or too long.",
            Self::FormExpired => "The page was open for too long. Please send it once more.",
        }
    }

    /// Whether something went wrong: always, here.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        match self {
            Self::Password(_) | Self::UserNameRefused | Self::DisplayNameRefused | Self::FormExpired => true,
        }
    }

    const fn marks_password(self) -> bool {
        matches!(self, Self::Password(_))
    }
}
