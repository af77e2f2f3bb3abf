//! Error answers of `/connect/…` (RFC 6749 §5.2).

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use turnkeep_domain::id::RequestId;
use turnkeep_domain::token_requests::QuotaWindow;
use turnkeep_policy::decide_token_quota::TokenQuotaExceeded;
use turnkeep_protocol::form::FormError;
use turnkeep_protocol::oauth_error::{ErrorDescription, OAuthErrorBody, OAuthErrorCode};
use turnkeep_service::failure::Failure;

use crate::admission::limit_headers::tell_quota;
use crate::admission::refusal::{Paced, Refusal};
use crate::blocking::NotRun;
use crate::error::api_error::ApiError;
use crate::error::fault::{FaultKind, log_fault, log_not_run};
use crate::error::retry_after;
use crate::response::connect_response;

/// What the answer to a failed authentication asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// Nothing: the client did not use the `Authorization` header.
    None,
    /// Basic credentials (RFC 6749 §5.2, RFC 7617 §2).
    Basic,
}

/// Why `/connect/…` does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectError {
    /// 405.
    MethodNotAllowed,
    /// 413.
    BodyTooLarge,
    /// 408.
    BodyTimedOut,
    /// No such issuer: 404, as for any path that leads nowhere.
    NotFound,
    /// 401, one body for every reason.
    InvalidClient(Challenge),
    /// 401 for a bearer token (RFC 6750 §3.1).
    InvalidToken,
    /// 403 for a bearer token (RFC 6750 §3.1).
    InsufficientScope,
    /// 400.
    Refused(OAuthErrorCode, Option<ErrorDescription>),
    /// 429 for an address that has guessed too often.
    TooManyFailures(Duration),
    /// 429 for a limit that is used up, 503 where there is more to do than this node can.
    NotAdmitted(Refusal),
    /// 429 for an app that has had all the tokens that it may have for now.
    QuotaExceeded(TokenQuotaExceeded),
    /// 500 or 503.
    Fault(FaultKind),
}

impl ConnectError {
    /// A malformed request.
    pub(crate) const fn invalid_request(description: ErrorDescription) -> Self {
        Self::Refused(OAuthErrorCode::InvalidRequest, Some(description))
    }

    /// From what did not even end in a denial.
    pub(crate) fn not_run(not_run: &NotRun, request_id: RequestId) -> Self {
        Self::Fault(log_not_run(not_run, request_id))
    }

    /// From how a use case ended.
    pub(crate) fn from_failure<D>(
        failure: Failure<D>,
        request_id: RequestId,
        denied: impl FnOnce(D) -> Self,
    ) -> Self {
        match failure {
            Failure::Denied(denial) => denied(denial),
            Failure::Fault(fault) => Self::Fault(log_fault(&fault, request_id)),
        }
    }

    fn paced(self) -> Option<Paced> {
        if let Self::NotAdmitted(refusal) = self {
            return Some(refusal.into());
        }
        let is_over_limit = matches!(self, Self::TooManyFailures(_) | Self::QuotaExceeded(_));
        is_over_limit.then_some(Paced::OverLimit)
    }

    fn body(self) -> OAuthErrorBody {
        let (error, error_description) = match self {
            Self::MethodNotAllowed => (OAuthErrorCode::InvalidRequest, Some(POST_ONLY)),
            Self::BodyTooLarge => (OAuthErrorCode::InvalidRequest, Some(BODY_TOO_LARGE)),
            Self::BodyTimedOut => (OAuthErrorCode::InvalidRequest, Some(BODY_INCOMPLETE)),
            Self::NotFound => (OAuthErrorCode::InvalidRequest, None),
            Self::InvalidClient(_) => (OAuthErrorCode::InvalidClient, Some(CLIENT_AUTHENTICATION_FAILED)),
            Self::InvalidToken => (OAuthErrorCode::InvalidToken, None),
            Self::InsufficientScope => (OAuthErrorCode::InsufficientScope, None),
            Self::Refused(code, description) => (code, description),
            Self::TooManyFailures(_) => (OAuthErrorCode::TemporarilyUnavailable, Some(TOO_MANY_FAILURES)),
            Self::QuotaExceeded(exceeded) => {
                (OAuthErrorCode::TemporarilyUnavailable, Some(quota_exceeded(exceeded.window)))
            }
            Self::NotAdmitted(Refusal::Limited(_)) => {
                (OAuthErrorCode::TemporarilyUnavailable, Some(TOO_MANY_REQUESTS))
            }
            Self::Fault(FaultKind::Internal) => (OAuthErrorCode::ServerError, None),
            Self::NotAdmitted(Refusal::Overloaded) | Self::Fault(FaultKind::Unavailable) => {
                (OAuthErrorCode::TemporarilyUnavailable, None)
            }
        };
        OAuthErrorBody { error, error_description }
    }

    fn header(self) -> Option<(header::HeaderName, HeaderValue)> {
        match self {
            Self::MethodNotAllowed => Some((header::ALLOW, HeaderValue::from_static("POST"))),
            Self::InvalidClient(Challenge::Basic) => Some((
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Basic realm="turnkeep", charset="UTF-8""#),
            )),
            Self::InvalidToken => Some((
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="turnkeep", error="invalid_token""#),
            )),
            Self::InsufficientScope => Some((
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(
                    r#"Bearer realm="turnkeep", error="insufficient_scope", scope="turnkeep.operate""#,
                ),
            )),
            Self::TooManyFailures(wait) => Some((header::RETRY_AFTER, retry_after::seconds(wait).into())),
            Self::QuotaExceeded(exceeded) => {
                Some((header::RETRY_AFTER, retry_after::seconds(exceeded.resets_in).into()))
            }
            Self::NotAdmitted(Refusal::Limited(standing)) => {
                Some((header::RETRY_AFTER, standing.retry_after_seconds().into()))
            }
            Self::NotAdmitted(Refusal::Overloaded) | Self::Fault(FaultKind::Unavailable) => {
                Some((header::RETRY_AFTER, retry_after::jittered_seconds().into()))
            }
            Self::BodyTooLarge
            | Self::BodyTimedOut
            | Self::NotFound
            | Self::InvalidClient(Challenge::None)
            | Self::Refused(..)
            | Self::Fault(FaultKind::Internal) => None,
        }
    }
}

const POST_ONLY: ErrorDescription = ErrorDescription::new("only POST is allowed here");
const BODY_TOO_LARGE: ErrorDescription = ErrorDescription::new("the body is too large");
const BODY_INCOMPLETE: ErrorDescription = ErrorDescription::new("the body did not arrive");
const CLIENT_AUTHENTICATION_FAILED: ErrorDescription = ErrorDescription::new("client authentication failed");
const fn quota_exceeded(window: QuotaWindow) -> ErrorDescription {
    match window {
        QuotaWindow::Hour => {
            const {
                ErrorDescription::new(
                    "the quota of tokens for this hour is used up: keep the token until it expires",
                )
            }
        }
        QuotaWindow::Day => {
            const {
                ErrorDescription::new(
                    "the quota of tokens for this day is used up: keep the token until it expires",
                )
            }
        }
    }
}

const TOO_MANY_REQUESTS: ErrorDescription =
    ErrorDescription::new("too many requests: keep the token until it expires");
const TOO_MANY_FAILURES: ErrorDescription = ErrorDescription::new("too many failed attempts");

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.body().error.as_str())
    }
}

impl ResponseError for ConnectError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::InvalidClient(_) | Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::InsufficientScope => StatusCode::FORBIDDEN,
            Self::Refused(code, _) => status_of(*code),
            Self::TooManyFailures(_) | Self::QuotaExceeded(_) | Self::NotAdmitted(Refusal::Limited(_)) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::Fault(FaultKind::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotAdmitted(Refusal::Overloaded) | Self::Fault(FaultKind::Unavailable) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        if *self == Self::NotFound {
            return ApiError::NotFound.error_response();
        }
        let mut response = connect_response(self.status_code());
        if let Some(header) = self.header() {
            response.insert_header(header);
        }
        let mut response = response.content_type(ContentType::json()).json(self.body());
        if let Self::QuotaExceeded(exceeded) = self {
            tell_quota(exceeded, response.headers_mut());
        }
        if let Some(paced) = self.paced() {
            response.extensions_mut().insert(paced);
        }
        response
    }
}

fn status_of(code: OAuthErrorCode) -> StatusCode {
    match code {
        OAuthErrorCode::InvalidRequest
        | OAuthErrorCode::InvalidGrant
        | OAuthErrorCode::UnauthorizedClient
        | OAuthErrorCode::UnsupportedGrantType
        | OAuthErrorCode::InvalidScope
        | OAuthErrorCode::InvalidTarget
        | OAuthErrorCode::UnsupportedTokenType => StatusCode::BAD_REQUEST,
        OAuthErrorCode::InvalidClient | OAuthErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        OAuthErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        OAuthErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        OAuthErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<Refusal> for ConnectError {
    fn from(refusal: Refusal) -> Self {
        Self::NotAdmitted(refusal)
    }
}

impl From<FormError> for ConnectError {
    fn from(error: FormError) -> Self {
        Self::invalid_request(match error {
            FormError::NotUtf8 => const { ErrorDescription::new("the parameters are not UTF-8") },
            FormError::BadEncoding => const { ErrorDescription::new("malformed percent-encoding") },
            FormError::Repeated => const { ErrorDescription::new("a parameter is repeated") },
            FormError::TooMany => const { ErrorDescription::new("too many parameters") },
        })
    }
}
