//! Why somebody is not let in. What a browser is told never says whether there is such a user.

use std::time::Duration;

use crate::failure::Failure;

/// Why a sign-in is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// It was not proven who it is: the user is unknown or may not sign in, or the password, code or passkey is wrong.
    #[error("the sign-in failed")]
    WrongCredentials,
    /// There were too many failures of late. Nothing was checked.
    #[error("too many attempts")]
    TooManyAttempts {
        /// From when on an attempt is looked at again.
        retry_after: Duration,
    },
}

impl<D: From<SignInRefusal>> From<SignInRefusal> for Failure<D> {
    fn from(refusal: SignInRefusal) -> Self {
        Self::Denied(refusal.into())
    }
}
