//! Denials of the use cases behind `/connect/…`.

use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_protocol::oauth_error::{ErrorDescription, OAuthErrorCode};
use turnkeep_service::keys::publish_key_set::UnknownIssuer;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::tokens::admission::NotAdmitted;
use turnkeep_service::tokens::authenticate_bearer::BearerDenial;
use turnkeep_service::tokens::introspect_token::IntrospectTokenDenial;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_service::tokens::revoke_token::RevokeTokenDenial;

use crate::admission::request_admission::RequestAdmission;
use crate::error::connect_error::{Challenge, ConnectError};

/// A denial that `/connect/…` answers.
pub(crate) trait ConnectDenial {
    /// The answer.
    fn answer(self, challenge: Challenge, admission: &RequestAdmission) -> ConnectError;

    /// Whether it is answered like a wrong secret.
    fn is_failed_guess(&self) -> bool;
}

impl ConnectDenial for IssueTokenDenial {
    fn answer(self, challenge: Challenge, admission: &RequestAdmission) -> ConnectError {
        match self {
            Self::UnknownIssuer(UnknownIssuer) => ConnectError::NotFound,
            Self::Token(denial) => answer(denial, challenge),
            Self::NotAdmitted(NotAdmitted) => admission.refusal().into(),
            Self::QuotaExceeded(exceeded) => ConnectError::QuotaExceeded(exceeded),
            Self::Grant(denial) => answer_grant(denial),
        }
    }

    fn is_failed_guess(&self) -> bool {
        match self {
            // Codes and refresh tokens are too long to be guessed.
            Self::UnknownIssuer(_) | Self::NotAdmitted(_) | Self::QuotaExceeded(_) | Self::Grant(_) => false,
            Self::Token(denial) => is_failed_guess(*denial),
        }
    }
}

impl ConnectDenial for IntrospectTokenDenial {
    fn answer(self, challenge: Challenge, admission: &RequestAdmission) -> ConnectError {
        match self {
            Self::UnknownIssuer(UnknownIssuer) => ConnectError::NotFound,
            Self::Client(denial) => answer(denial, challenge),
            Self::Bearer(BearerDenial::InvalidToken) => ConnectError::InvalidToken,
            Self::Bearer(BearerDenial::InsufficientScope) => ConnectError::InsufficientScope,
            Self::NotAdmitted(NotAdmitted) => admission.refusal().into(),
        }
    }

    fn is_failed_guess(&self) -> bool {
        match self {
            Self::UnknownIssuer(_) | Self::Bearer(_) | Self::NotAdmitted(_) => false,
            Self::Client(denial) => is_failed_guess(*denial),
        }
    }
}

impl ConnectDenial for RevokeTokenDenial {
    fn answer(self, challenge: Challenge, admission: &RequestAdmission) -> ConnectError {
        const FOREIGN: ErrorDescription = ErrorDescription::new("the token was issued to another client");
        match self {
            Self::UnknownIssuer(UnknownIssuer) => ConnectError::NotFound,
            Self::Client(denial) => answer(denial, challenge),
            Self::ForeignToken => ConnectError::Refused(OAuthErrorCode::InvalidGrant, Some(FOREIGN)),
            Self::NotAdmitted(NotAdmitted) => admission.refusal().into(),
        }
    }

    fn is_failed_guess(&self) -> bool {
        match self {
            Self::UnknownIssuer(_) | Self::ForeignToken | Self::NotAdmitted(_) => false,
            Self::Client(denial) => is_failed_guess(*denial),
        }
    }
}

/// What an honest developer can mend is told; of the rest, that it is of no use (RFC 6749 §5.2).
fn answer_grant(denial: GrantDenial) -> ConnectError {
    const VERIFIER_UNEXPECTED: ErrorDescription =
        ErrorDescription::new("code_verifier without a code_challenge in the authorization request");
    const SCOPE_WIDENED: ErrorDescription = ErrorDescription::new("more scopes than were granted");
    const REDIRECT_URI: ErrorDescription =
        ErrorDescription::new("redirect_uri is not that of the authorization request");
    const VERIFIER: ErrorDescription =
        ErrorDescription::new("code_verifier does not answer the code_challenge");
    const OF_NO_USE: ErrorDescription =
        ErrorDescription::new("it is unknown, expired, revoked, used, or of another client");
    let (code, description) = match denial {
        GrantDenial::VerifierUnexpected => (OAuthErrorCode::InvalidRequest, VERIFIER_UNEXPECTED),
        GrantDenial::ScopeWidened => (OAuthErrorCode::InvalidScope, SCOPE_WIDENED),
        GrantDenial::RedirectUriMismatch => (OAuthErrorCode::InvalidGrant, REDIRECT_URI),
        GrantDenial::VerifierMissing | GrantDenial::VerifierMismatch => {
            (OAuthErrorCode::InvalidGrant, VERIFIER)
        }
        GrantDenial::CodeUnknown
        | GrantDenial::CodeOfAnotherApp
        | GrantDenial::CodeExpired
        | GrantDenial::CodeReplayed
        | GrantDenial::RefreshTokenUnknown
        | GrantDenial::RefreshTokenOfAnotherApp
        | GrantDenial::RefreshTokenExpired
        | GrantDenial::RefreshTokenReused
        | GrantDenial::Ended(_)
        | GrantDenial::Person(_) => (OAuthErrorCode::InvalidGrant, OF_NO_USE),
    };
    ConnectError::Refused(code, Some(description))
}

fn answer(denial: TokenDenial, challenge: Challenge) -> ConnectError {
    match denial {
        // One answer for all of these: who does not know the secret learns nothing about the app, and a stopped
        // app's owner finds the reason in *explain*.
        TokenDenial::AppUnknown
        | TokenDenial::ClientAuthenticationFailed
        | TokenDenial::NoLiveSecret
        | TokenDenial::AppDisabled
        | TokenDenial::TenantPendingActivation
        | TokenDenial::TenantSuspended
        | TokenDenial::TenantClosed => ConnectError::InvalidClient(challenge),
        TokenDenial::InstanceDisabled => ConnectError::NotFound,
        TokenDenial::RegionMissing => const { unauthorized("the app has no license region") },
        TokenDenial::DbCodeMissing => const { unauthorized("the app has no database code") },
        TokenDenial::PlanRetired => const { unauthorized("the app's plan is retired") },
        TokenDenial::PlanOnHold => const { unauthorized("the app's plan is on hold") },
        TokenDenial::ServiceAccessOff => const { unauthorized("the app has no service access") },
        TokenDenial::PublicApp => const { unauthorized("a public app gets no token without a person") },
        TokenDenial::SystemUserMissing => const { unauthorized("the app's system user does not exist") },
        TokenDenial::SystemUserDisabled => const { unauthorized("the app's system user is disabled") },
        TokenDenial::NoScope => ConnectError::Refused(
            OAuthErrorCode::InvalidScope,
            Some(const { ErrorDescription::new("the app has no scope") }),
        ),
        TokenDenial::ScopeNotAllowed => ConnectError::Refused(
            OAuthErrorCode::InvalidScope,
            Some(const { ErrorDescription::new("the app may not be granted this scope") }),
        ),
        TokenDenial::AudienceNotAllowed => ConnectError::Refused(
            OAuthErrorCode::InvalidTarget,
            Some(const { ErrorDescription::new("the app may not get a token for this resource") }),
        ),
    }
}

const fn unauthorized(cause: &'static str) -> ConnectError {
    ConnectError::Refused(OAuthErrorCode::UnauthorizedClient, Some(ErrorDescription::new(cause)))
}

/// Whatever is answered like a wrong secret is counted like one: otherwise the brake would tell them apart.
fn is_failed_guess(denial: TokenDenial) -> bool {
    match denial {
        TokenDenial::AppUnknown
        | TokenDenial::ClientAuthenticationFailed
        | TokenDenial::NoLiveSecret
        | TokenDenial::AppDisabled
        | TokenDenial::TenantPendingActivation
        | TokenDenial::TenantSuspended
        | TokenDenial::TenantClosed => true,
        TokenDenial::InstanceDisabled
        | TokenDenial::RegionMissing
        | TokenDenial::DbCodeMissing
        | TokenDenial::PlanRetired
        | TokenDenial::PlanOnHold
        | TokenDenial::ServiceAccessOff
        | TokenDenial::PublicApp
        | TokenDenial::SystemUserMissing
        | TokenDenial::SystemUserDisabled
        | TokenDenial::NoScope
        | TokenDenial::ScopeNotAllowed
        | TokenDenial::AudienceNotAllowed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_not_know_the_secret_learns_nothing_about_the_app() {
        for denial in [
            TokenDenial::AppUnknown,
            TokenDenial::ClientAuthenticationFailed,
            TokenDenial::AppDisabled,
            TokenDenial::TenantPendingActivation,
            TokenDenial::TenantSuspended,
            TokenDenial::TenantClosed,
        ] {
            assert_eq!(answer(denial, Challenge::Basic), ConnectError::InvalidClient(Challenge::Basic));
        }
    }

    #[test]
    fn every_other_denial_of_an_app_is_a_refusal_that_names_its_cause() {
        let refusals = TokenDenial::ALL
            .into_iter()
            .filter(|denial| matches!(answer(*denial, Challenge::None), ConnectError::Refused(_, Some(_))));
        assert_eq!(refusals.count(), 11);
    }
}
