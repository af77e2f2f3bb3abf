//! Why a code or a refresh token gets no tokens, beside what stands against the app.

use turnkeep_policy::decide_person_token::PersonTokenDenial;
use turnkeep_policy::decide_sign_in::SignInDenial;
use turnkeep_policy::judge_grant::GrantEnd;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::tokens::authenticate_client::{AuthenticatedClient, ClientAttempt};
use crate::tokens::issue_token_denial::IssueTokenDenial;

/// The first thing that was wrong. Each has a stable code, for the audit trail; the answer to the client says less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum GrantDenial {
    /// No such code in this instance.
    #[error("no such code")]
    CodeUnknown,
    /// The code was made for another app, which may still redeem it.
    #[error("the code was made for another app")]
    CodeOfAnotherApp,
    /// It came too late.
    #[error("the code has expired")]
    CodeExpired,
    /// It was redeemed before: everything that came of it is revoked (RFC 6749 §4.1.2).
    #[error("the code was redeemed before")]
    CodeReplayed,
    /// Not the redirect URI of the authorization request, or none though that had one (RFC 6749 §4.1.3).
    #[error("the redirect URI is not that of the request")]
    RedirectUriMismatch,
    /// The request had a challenge, and nothing answers it (RFC 7636 §4.6).
    #[error("the code verifier is missing")]
    VerifierMissing,
    /// The answer is wrong.
    #[error("the code verifier does not answer the challenge")]
    VerifierMismatch,
    /// An answer to a challenge that was never made, or was taken out on the way (RFC 9700 §4.8.2).
    #[error("there was no code challenge")]
    VerifierUnexpected,
    /// No such refresh token in this instance.
    #[error("no such refresh token")]
    RefreshTokenUnknown,
    /// It was issued to another app, which may still use it.
    #[error("the refresh token was issued to another app")]
    RefreshTokenOfAnotherApp,
    /// It lay unused for too long.
    #[error("the refresh token has expired")]
    RefreshTokenExpired,
    /// It was used before: everything that came of the grant is revoked (RFC 9700 §4.14.2).
    #[error("the refresh token was used before")]
    RefreshTokenReused,
    /// More than was granted (RFC 6749 §6).
    #[error("more scopes than were granted")]
    ScopeWidened,
    /// What the person granted no longer stands.
    #[error(transparent)]
    Ended(#[from] GrantEnd),
    /// The person may not act, or not by this app.
    #[error(transparent)]
    Person(PersonTokenDenial),
}

impl GrantDenial {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CodeUnknown => "code_unknown",
            Self::CodeOfAnotherApp => "code_of_another_app",
            Self::CodeExpired => "code_expired",
            Self::CodeReplayed => "code_replayed",
            Self::RedirectUriMismatch => "redirect_uri_mismatch",
            Self::VerifierMissing => "verifier_missing",
            Self::VerifierMismatch => "verifier_mismatch",
            Self::VerifierUnexpected => "verifier_unexpected",
            Self::RefreshTokenUnknown => "refresh_token_unknown",
            Self::RefreshTokenOfAnotherApp => "refresh_token_of_another_app",
            Self::RefreshTokenExpired => "refresh_token_expired",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::ScopeWidened => "scope_widened",
            Self::Ended(end) => end.code(),
            Self::Person(denial) => denial.code(),
        }
    }

    /// Every denial, but for what stands against the app.
    pub const ALL: [Self; 21] = [
        Self::CodeUnknown,
        Self::CodeOfAnotherApp,
        Self::CodeExpired,
        Self::CodeReplayed,
        Self::RedirectUriMismatch,
        Self::VerifierMissing,
        Self::VerifierMismatch,
        Self::VerifierUnexpected,
        Self::RefreshTokenUnknown,
        Self::RefreshTokenOfAnotherApp,
        Self::RefreshTokenExpired,
        Self::RefreshTokenReused,
        Self::ScopeWidened,
        Self::Ended(GrantEnd::Revoked),
        Self::Ended(GrantEnd::Expired),
        Self::Ended(GrantEnd::Killed),
        Self::Ended(GrantEnd::SessionOver),
        Self::Person(PersonTokenDenial::UserMissing),
        Self::Person(PersonTokenDenial::SignIn(SignInDenial::UserDisabled)),
        Self::Person(PersonTokenDenial::SignIn(SignInDenial::SystemUser)),
        Self::Person(PersonTokenDenial::SignIn(SignInDenial::KindNotAdmitted)),
    ];
}

/// What stands against the app is told as it is at every other grant.
impl From<GrantDenial> for IssueTokenDenial {
    fn from(denial: GrantDenial) -> Self {
        match denial {
            GrantDenial::Person(PersonTokenDenial::App(denial)) => Self::Token(denial),
            denial => Self::Grant(denial),
        }
    }
}

pub(crate) fn denied(denial: GrantDenial) -> Failure<IssueTokenDenial> {
    Failure::Denied(denial.into())
}

/// Leaves a refusal of a client that was known in the audit trail. The quota notes its own.
pub(crate) fn note_grant_refusal(
    authority: &Authority,
    client: &AuthenticatedClient,
    attempt: &ClientAttempt<'_>,
    failure: Failure<IssueTokenDenial>,
) -> Failure<IssueTokenDenial> {
    let code = match &failure {
        Failure::Denied(IssueTokenDenial::Grant(denial)) => Some(denial.code()),
        Failure::Denied(IssueTokenDenial::Token(denial)) => Some(denial.code()),
        Failure::Denied(
            IssueTokenDenial::UnknownIssuer(_)
            | IssueTokenDenial::NotAdmitted(_)
            | IssueTokenDenial::QuotaExceeded(_),
        )
        | Failure::Fault(_) => None,
    };
    if let Some(code) = code {
        client.note_refusal(authority, attempt, code);
    }
    failure
}
