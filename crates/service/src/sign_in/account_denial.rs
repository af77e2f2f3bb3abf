//! Why a person may not change what they sign in with.

use turnkeep_passkeys::denial::PasskeyDenial;
use turnkeep_policy::judge_password::PasswordDenial;

use crate::failure::Failure;
use crate::registry::denial::RegistryDenial;
use crate::sign_in::refusal::SignInRefusal;

/// Why something about an account is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountDenial {
    /// The last sign-in is too long ago for this; see [`FRESH`](crate::sign_in::session::FRESH).
    #[error("sign in again first")]
    NotFresh,
    /// The password or code is wrong, or too many were.
    #[error(transparent)]
    SignIn(#[from] SignInRefusal),
    /// The new password is not good enough.
    #[error(transparent)]
    Password(#[from] PasswordDenial),
    /// The present password is needed.
    #[error("the present password is needed")]
    PasswordNeeded,
    /// The link is unknown, was used, has expired, or is for something else.
    #[error("the link does not work any more")]
    LinkSpent,
    /// What was begun has expired, or was finished before.
    #[error("it took too long, or was done before: begin again")]
    Expired,
    /// There is no such thing, or not any more.
    #[error("there is no such thing")]
    NotFound,
    /// The user name is taken.
    #[error("the user name is taken")]
    NameTaken,
    /// There is no such user, or none that may sign in.
    #[error("the user cannot sign in")]
    UserCannotSignIn,
    /// The server's address does not allow passkeys, which need https and a host name.
    #[error("passkeys need https and a host name")]
    PasskeysUnavailable,
    /// There are as many passkeys as one may have.
    #[error("there are too many passkeys: remove one first")]
    TooManyPasskeys,
    /// The passkey is registered already.
    #[error("the passkey is registered already")]
    PasskeyKnown,
    /// The passkey was not accepted.
    #[error(transparent)]
    Passkey(#[from] PasskeyDenial),
    /// The caller may not, or addresses what is not there.
    #[error(transparent)]
    Registry(#[from] RegistryDenial),
}

impl AccountDenial {
    /// A stable code of the cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFresh => "not_fresh",
            Self::SignIn(SignInRefusal::WrongCredentials) => "wrong_credentials",
            Self::SignIn(SignInRefusal::TooManyAttempts { .. }) => "too_many_attempts",
            Self::Password(denial) => denial.code(),
            Self::PasswordNeeded => "password_needed",
            Self::LinkSpent => "link_spent",
            Self::Expired => "expired",
            Self::NotFound => "not_found",
            Self::NameTaken => "name_taken",
            Self::UserCannotSignIn => "user_cannot_sign_in",
            Self::PasskeysUnavailable => "passkeys_unavailable",
            Self::TooManyPasskeys => "too_many_passkeys",
            Self::PasskeyKnown => "passkey_known",
            Self::Passkey(_) => "passkey_refused",
            Self::Registry(denial) => denial.code(),
        }
    }

    /// What a use case of the registry says that had found everything in order: what is not so any more was changed a
    /// moment ago, as if it had never been there.
    pub(crate) fn into_registry_denial(self) -> RegistryDenial {
        if let Self::Registry(denial) = self { denial } else { RegistryDenial::NotFound }
    }
}

impl From<AccountDenial> for Failure<AccountDenial> {
    fn from(denial: AccountDenial) -> Self {
        Self::Denied(denial)
    }
}

/// What use cases about accounts answer.
pub type AccountResult<T> = Result<T, Failure<AccountDenial>>;
