//! What is wrong with a new password, for the person who chose it.

use turnkeep_console::password_problem::PasswordProblem;
use turnkeep_policy::judge_password::{MIN_ALONE, MIN_WITH_SECOND_FACTOR, PasswordDenial};

/// How many characters a password needs.
pub(crate) const fn minimum_length(has_second_factor: bool) -> usize {
    if has_second_factor { MIN_WITH_SECOND_FACTOR } else { MIN_ALONE }
}

/// What a denial is called on pages.
pub(crate) const fn problem_of(denial: PasswordDenial) -> PasswordProblem {
    match denial {
        PasswordDenial::TooShort { .. } => PasswordProblem::TooShort,
        PasswordDenial::TooLong => PasswordProblem::TooLong,
        PasswordDenial::ControlCharacter => PasswordProblem::Unusable,
        PasswordDenial::Common | PasswordDenial::Pattern => PasswordProblem::Common,
        PasswordDenial::KnownName => PasswordProblem::Guessable,
    }
}
