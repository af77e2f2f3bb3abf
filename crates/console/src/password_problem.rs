//! Why a new password is not taken, in words for the person who chose it.

/// What is wrong with a new password (NIST SP 800-63B §3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer characters than asked for.
    TooShort,
    /// More characters than can be taken.
    TooLong,
    /// On the list of passwords that attackers try first.
    Common,
    /// Too near to the person's names, the instance or the app.
    Guessable,
    /// Holds characters that cannot be typed everywhere, such as control characters.
    Unusable,
    /// The same as before.
    Unchanged,
}

impl PasswordProblem {
    /// Every problem.
    pub const ALL: [Self; 6] =
        [Self::TooShort, Self::TooLong, Self::Common, Self::Guessable, Self::Unusable, Self::Unchanged];

    /// The code, in the attribute `data-code` of the message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::Common => "password_common",
            Self::Guessable => "password_guessable",
            Self::Unusable => "password_unusable",
            Self::Unchanged => "password_unchanged",
        }
    }

    /// The one phrase of this problem.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::TooShort => "This password is too short. A few words in a row make a good one.",
            Self::TooLong => "This password is too long. Please choose a shorter one.",
            Self::Common => "Many people use this password, so it is easy to guess. Please choose another.",
            Self::Guessable => {
                "This password is too close to a name that is known here. Please choose another."
            }
            Self::Unusable => "This password holds characters that cannot be used. Please choose another.",
            Self::Unchanged => "This is the password you have already. Please choose another.",
        }
    }
}
