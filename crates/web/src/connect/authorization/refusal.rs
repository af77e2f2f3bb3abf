//! What an app is told when it gets no code (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).

use turnkeep_policy::authorization_denial::AuthorizationDenial;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_protocol::authorization_request_error::AuthorizationRequestError;
use turnkeep_protocol::authorization_response::AuthorizationErrorCode;
use turnkeep_protocol::oauth_error::ErrorDescription;

type Refusal = (AuthorizationErrorCode, ErrorDescription);

/// The code and the cause. `flaw` is what is wrong with a request that cannot be understood.
pub(super) fn answer(denial: AuthorizationDenial, flaw: Option<AuthorizationRequestError>) -> Refusal {
    use AuthorizationErrorCode::{AccessDenied, ConsentRequired, InvalidRequest, LoginRequired};
    match denial {
        AuthorizationDenial::Malformed => {
            flaw.map_or(const { refusal(InvalidRequest, "the request is malformed") }, malformed)
        }
        AuthorizationDenial::App(denial) | AuthorizationDenial::Scope(denial) => app(denial),
        AuthorizationDenial::NotForPeople => {
            const { refusal(AuthorizationErrorCode::UnauthorizedClient, "nobody signs in to this app") }
        }
        AuthorizationDenial::PkceRequired => const { refusal(InvalidRequest, "code_challenge is missing") },
        // Whether the person is of another kind or disabled is theirs to know.
        AuthorizationDenial::SignIn(_) => {
            const { refusal(AccessDenied, "the app does not admit this person") }
        }
        AuthorizationDenial::ConsentDenied => const { refusal(AccessDenied, "the person refused") },
        AuthorizationDenial::LoginRequired => const { refusal(LoginRequired, "the person has to sign in") },
        AuthorizationDenial::ConsentRequired => {
            const { refusal(ConsentRequired, "the person has to consent") }
        }
    }
}

const fn refusal(code: AuthorizationErrorCode, description: &'static str) -> Refusal {
    (code, ErrorDescription::new(description))
}

fn app(denial: TokenDenial) -> Refusal {
    use AuthorizationErrorCode::{InvalidScope, InvalidTarget, UnauthorizedClient};
    match denial {
        TokenDenial::RegionMissing => const { refusal(UnauthorizedClient, "the app has no license region") },
        TokenDenial::DbCodeMissing => const { refusal(UnauthorizedClient, "the app has no database code") },
        TokenDenial::PlanRetired => const { refusal(UnauthorizedClient, "the app's plan is retired") },
        TokenDenial::PlanOnHold => const { refusal(UnauthorizedClient, "the app's plan is on hold") },
        TokenDenial::NoScope => const { refusal(InvalidScope, "scope is missing") },
        TokenDenial::ScopeNotAllowed => {
            const { refusal(InvalidScope, "the app may not be granted this scope") }
        }
        TokenDenial::AudienceNotAllowed => {
            const { refusal(InvalidTarget, "the app may not get a token for this resource") }
        }
        // Of these a person sees a page, or they are about tokens without a person.
        TokenDenial::AppUnknown
        | TokenDenial::ClientAuthenticationFailed
        | TokenDenial::NoLiveSecret
        | TokenDenial::AppDisabled
        | TokenDenial::TenantPendingActivation
        | TokenDenial::TenantSuspended
        | TokenDenial::TenantClosed
        | TokenDenial::InstanceDisabled
        | TokenDenial::ServiceAccessOff
        | TokenDenial::PublicApp
        | TokenDenial::SystemUserMissing
        | TokenDenial::SystemUserDisabled => {
            const { refusal(UnauthorizedClient, "the app may not have people sign in") }
        }
    }
}

fn malformed(flaw: AuthorizationRequestError) -> Refusal {
    use AuthorizationErrorCode::{
        InvalidRequest, InvalidScope, InvalidTarget, RegistrationNotSupported, RequestNotSupported,
        RequestUriNotSupported, UnsupportedResponseType,
    };
    use AuthorizationRequestError as Flaw;
    match flaw {
        Flaw::Encoding => const { refusal(InvalidRequest, "the parameters are malformed") },
        Flaw::TooMany => const { refusal(InvalidRequest, "too many parameters") },
        Flaw::TooLarge => const { refusal(InvalidRequest, "the parameters are too large") },
        Flaw::Repeated => const { refusal(InvalidRequest, "a parameter is repeated") },
        Flaw::RequestObject => const { refusal(RequestNotSupported, "request is not supported") },
        Flaw::RequestUri => const { refusal(RequestUriNotSupported, "request_uri is not supported") },
        Flaw::Registration => const { refusal(RegistrationNotSupported, "registration is not supported") },
        Flaw::NoResponseType => const { refusal(InvalidRequest, "response_type is missing") },
        Flaw::ResponseType => {
            const { refusal(UnsupportedResponseType, "only response_type code is supported") }
        }
        Flaw::UnknownResponseMode => {
            const { refusal(InvalidRequest, "response_mode must be query or form_post") }
        }
        Flaw::StateTooLong => const { refusal(InvalidRequest, "state is too long") },
        Flaw::NoChallenge => const { refusal(InvalidRequest, "code_challenge is missing") },
        Flaw::ChallengeMethod => const { refusal(InvalidRequest, "code_challenge_method must be S256") },
        Flaw::Challenge => const { refusal(InvalidRequest, "code_challenge is malformed") },
        Flaw::Scope => const { refusal(InvalidScope, "scope is malformed") },
        Flaw::Resource => const { refusal(InvalidTarget, "resource is malformed") },
        Flaw::NonceTooLong => const { refusal(InvalidRequest, "nonce is too long") },
        Flaw::Prompt => const { refusal(InvalidRequest, "prompt has an unknown value") },
        Flaw::PromptNoneWithOthers => const { refusal(InvalidRequest, "prompt none excludes other values") },
        Flaw::MaxAge => const { refusal(InvalidRequest, "max_age must be a number of seconds") },
    }
}
