//! Error answers of the management API and of paths that lead nowhere (RFC 9457).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use turnkeep_domain::id::RequestId;
use turnkeep_protocol::problem::{FieldError, QUOTA_EXCEEDED, TEMPORARY_REDUCED_CAPACITY};
use turnkeep_service::failure::Failure;
use turnkeep_service::keys::publish_key_set::UnknownIssuer;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::{BearerDenial, READ_SCOPE};

use crate::admission::refusal::{Paced, Refusal};
use crate::blocking::NotRun;
use crate::error::fault::{FaultKind, log_fault, log_not_run};
use crate::error::problem_response::pending_problem;
use crate::error::registry_denial::{detail_of, fields_of, scope_with, status_of};
use crate::error::retry_after;

/// Why the management API does not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// 404.
    NotFound,
    /// 405, with what is allowed.
    MethodNotAllowed(String),
    /// 401 without a token (RFC 6750 §3.1: no error code then).
    Unauthenticated,
    /// 401 for a token of no use here.
    InvalidToken,
    /// 403 for a token without a scope, with the least that is needed.
    InsufficientScope(&'static str),
    /// 400, with what is wrong.
    MalformedRequest(&'static str),
    /// 415.
    UnsupportedMediaType,
    /// 413.
    BodyTooLarge,
    /// 408.
    BodyTimedOut,
    /// 412, for an `If-Match` that no version can match.
    PreconditionFailed,
    /// 422.
    InvalidFields(Vec<FieldError>),
    /// 409: carried out before, but nobody knows the answer any more.
    AnswerLost,
    /// What the registry refuses.
    Registry(RegistryDenial),
    /// 429 for a limit that is used up, 503 where there is more to do than this node can.
    NotAdmitted(Refusal),
    /// 503.
    Unavailable,
    /// 500.
    Internal,
}

impl ApiError {
    /// From what did not even end in a denial.
    pub(crate) fn not_run(not_run: &NotRun, request_id: RequestId) -> Self {
        log_not_run(not_run, request_id).into()
    }

    /// From how a use case ended.
    pub(crate) fn from_failure<D: Into<Self>>(failure: Failure<D>, request_id: RequestId) -> Self {
        match failure {
            Failure::Denied(denial) => denial.into(),
            Failure::Fault(fault) => log_fault(&fault, request_id).into(),
        }
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::Unauthenticated => "unauthenticated",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope(_) => "insufficient_scope",
            Self::MalformedRequest(_) => "malformed_request",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::BodyTooLarge => "body_too_large",
            Self::BodyTimedOut => "body_timed_out",
            Self::PreconditionFailed => "stale_version",
            Self::InvalidFields(_) => "invalid_fields",
            Self::AnswerLost => "answer_lost",
            Self::Registry(denial) => denial.code(),
            Self::NotAdmitted(Refusal::Limited(_)) => QUOTA_EXCEEDED,
            Self::NotAdmitted(Refusal::Overloaded) => TEMPORARY_REDUCED_CAPACITY,
            Self::Unavailable => "temporarily_unavailable",
            Self::Internal => "internal_error",
        }
    }

    /// What is wrong in this case.
    pub(crate) fn detail(&self) -> Option<String> {
        match self {
            Self::MalformedRequest(detail) => Some((*detail).to_owned()),
            Self::Registry(denial) => detail_of(denial),
            Self::NotFound
            | Self::MethodNotAllowed(_)
            | Self::Unauthenticated
            | Self::InvalidToken
            | Self::InsufficientScope(_)
            | Self::UnsupportedMediaType
            | Self::BodyTooLarge
            | Self::BodyTimedOut
            | Self::PreconditionFailed
            | Self::AnswerLost
            | Self::InvalidFields(_)
            | Self::NotAdmitted(_)
            | Self::Unavailable
            | Self::Internal => None,
        }
    }

    /// What is wrong with which field.
    pub(crate) fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::InvalidFields(errors) => errors.clone(),
            Self::Registry(denial) => fields_of(denial),
            Self::NotFound
            | Self::MethodNotAllowed(_)
            | Self::Unauthenticated
            | Self::InvalidToken
            | Self::InsufficientScope(_)
            | Self::MalformedRequest(_)
            | Self::UnsupportedMediaType
            | Self::BodyTooLarge
            | Self::BodyTimedOut
            | Self::PreconditionFailed
            | Self::AnswerLost
            | Self::NotAdmitted(_)
            | Self::Unavailable
            | Self::Internal => Vec::new(),
        }
    }

    /// The limits that are used up.
    pub(crate) fn violated_policies(&self) -> Vec<String> {
        if let Self::NotAdmitted(Refusal::Limited(standing)) = self {
            vec![format!("{}-{}", standing.endpoint.as_str(), standing.layer.as_str())]
        } else {
            Vec::new()
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        const NO_TOKEN: &str = r#"Bearer realm="turnkeep""#;
        const BAD_TOKEN: &str = r#"Bearer realm="turnkeep", error="invalid_token""#;
        let weak = |scope: &str| {
            let challenge =
                format!(r#"Bearer realm="turnkeep", error="insufficient_scope", scope="{scope}""#);
            HeaderValue::from_str(&challenge).ok().map(|challenge| (header::WWW_AUTHENTICATE, challenge))
        };
        let challenge = |text| Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(text)));
        match self {
            Self::MethodNotAllowed(allowed) => {
                HeaderValue::from_str(allowed).ok().map(|allowed| (header::ALLOW, allowed))
            }
            Self::Unauthenticated => challenge(NO_TOKEN),
            Self::InvalidToken => challenge(BAD_TOKEN),
            Self::InsufficientScope(scope) => weak(scope),
            Self::Registry(RegistryDenial::Forbidden(permission)) => weak(scope_with(*permission)),
            Self::NotAdmitted(Refusal::Limited(standing)) => {
                Some((header::RETRY_AFTER, standing.retry_after_seconds().into()))
            }
            Self::NotAdmitted(Refusal::Overloaded) | Self::Unavailable => {
                Some((header::RETRY_AFTER, retry_after::jittered_seconds().into()))
            }
            Self::NotFound
            | Self::MalformedRequest(_)
            | Self::UnsupportedMediaType
            | Self::BodyTooLarge
            | Self::BodyTimedOut
            | Self::PreconditionFailed
            | Self::AnswerLost
            | Self::InvalidFields(_)
            | Self::Registry(_)
            | Self::Internal => None,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthenticated | Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::InsufficientScope(_) => StatusCode::FORBIDDEN,
            Self::MalformedRequest(_) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::InvalidFields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::AnswerLost => StatusCode::CONFLICT,
            Self::Registry(denial) => status_of(denial),
            Self::NotAdmitted(Refusal::Limited(_)) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotAdmitted(Refusal::Overloaded) | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = pending_problem(self);
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        if let Self::NotAdmitted(refusal) = self {
            response.extensions_mut().insert(Paced::from(*refusal));
        }
        response
    }
}

impl From<FaultKind> for ApiError {
    fn from(kind: FaultKind) -> Self {
        match kind {
            FaultKind::Internal => Self::Internal,
            FaultKind::Unavailable => Self::Unavailable,
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::NotAdmitted(refusal)
    }
}

impl From<UnknownIssuer> for ApiError {
    fn from(_: UnknownIssuer) -> Self {
        Self::NotFound
    }
}

impl From<BearerDenial> for ApiError {
    fn from(denial: BearerDenial) -> Self {
        match denial {
            BearerDenial::InvalidToken => Self::InvalidToken,
            BearerDenial::InsufficientScope => Self::InsufficientScope(READ_SCOPE),
        }
    }
}

impl From<RegistryDenial> for ApiError {
    fn from(denial: RegistryDenial) -> Self {
        Self::Registry(denial)
    }
}
