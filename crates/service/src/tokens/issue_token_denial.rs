//! Why the token endpoint issues nothing, whatever was handed in.

use turnkeep_policy::decide_token_quota::TokenQuotaExceeded;
use turnkeep_policy::token_denial::TokenDenial;

use crate::keys::publish_key_set::UnknownIssuer;
use crate::person_tokens::grant_denial::GrantDenial;
use crate::tokens::admission::NotAdmitted;

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueTokenDenial {
    /// The issuer does not exist, or is off.
    #[error(transparent)]
    UnknownIssuer(#[from] UnknownIssuer),
    /// The app may not have it.
    #[error(transparent)]
    Token(#[from] TokenDenial),
    /// Not now.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    /// The app has had all the tokens that it may have for now.
    #[error(transparent)]
    QuotaExceeded(#[from] TokenQuotaExceeded),
    /// What it presents of a person's gets it nothing.
    #[error(transparent)]
    Grant(GrantDenial),
}
