//! The UserInfo endpoint (OpenID Connect Core §5.3): who an access token acts as. Its errors are those of RFC 6750 §3, and
//! pages of any origin may call it, as browsers bring no credentials of their own here.

use std::fmt;
use std::sync::Arc;

use actix_web::http::header::{self, ContentType, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::bearer::{BearerError, BearerToken};
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::oauth_error::{ErrorDescription, OAuthErrorCode};
use turnkeep_protocol::user_info_response::{EmailClaims, UserInfoResponse};
use turnkeep_service::person_tokens::user_info::{UserInfo, user_info};
use turnkeep_service::tokens::authenticate_bearer::BearerDenial;

use crate::admission::request_admission::RequestAdmission;
use crate::blocking::Urgency;
use crate::body::has_content_type;
use crate::client_authentication::basic::authorization;
use crate::connect::form_request::read_form;
use crate::error::connect_error::ConnectError;
use crate::from_memory::run_from_memory;
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::response::connect_response;
use crate::state::WebState;

const SEVERAL: ErrorDescription = ErrorDescription::new("the access token is sent in more than one way");
const IN_QUERY: ErrorDescription = ErrorDescription::new("credentials must not be in the URL");

/// Tells about the person of the access token in the header, or in the form of a POST.
pub(crate) async fn userinfo(
    state: web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, UserInfoError> {
    let kind = (Endpoint::Introspection, Priority::Introspection);
    let arrived = RequestAdmission::arrive(&state, &request, kind, context.address);
    let _admission: Arc<RequestAdmission> = arrived.map_err(ConnectError::from)?;
    let token = presented_token(&request, payload).await?;
    let ended = run_from_memory(&state, Urgency::Usual, move |authority, look_up| {
        user_info(authority, &issuer, token.expose(), look_up)
    })
    .await
    .map_err(|not_run| ConnectError::not_run(&not_run, context.request_id))?;
    let info = ended.map_err(|failure| {
        ConnectError::from_failure(failure, context.request_id, |denial| match denial {
            BearerDenial::InvalidToken => ConnectError::InvalidToken,
            BearerDenial::InsufficientScope => ConnectError::InsufficientScope,
        })
    })?;
    Ok(open_to_all(connect_response(StatusCode::OK)).content_type(ContentType::json()).json(response(info)))
}

/// What a browser asks before a page of another origin may send an `Authorization` header.
pub(crate) async fn preflight() -> HttpResponse {
    open_to_all(HttpResponse::NoContent())
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "3600"))
        .finish()
}

/// Every other method.
pub(crate) async fn not_allowed() -> HttpResponse {
    open_to_all(connect_response(StatusCode::METHOD_NOT_ALLOWED))
        .insert_header((header::ALLOW, "GET, POST, OPTIONS"))
        .finish()
}

fn open_to_all(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    response.insert_header((header::ACCESS_CONTROL_EXPOSE_HEADERS, "WWW-Authenticate"));
    response
}

/// In exactly one place (RFC 6750 §2), and never in the URL.
async fn presented_token(request: &HttpRequest, payload: web::Payload) -> Result<BearerToken, UserInfoError> {
    let query = FormParameters::parse(request.query_string().as_bytes()).map_err(ConnectError::from)?;
    if query.has("access_token") {
        return Err(ConnectError::invalid_request(IN_QUERY).into());
    }
    let is_form = has_content_type(request, &["application/x-www-form-urlencoded"]);
    let in_form = match *request.method() == Method::POST && is_form {
        true => read_form(request, payload).await?.take("access_token"),
        false => None,
    };
    let header = match authorization(request)?.map(BearerToken::parse) {
        Some(Ok(token)) => Some(token),
        Some(Err(BearerError::Malformed)) => return Err(ConnectError::InvalidToken.into()),
        Some(Err(BearerError::Scheme)) | None => None,
    };
    match (header, in_form) {
        (Some(token), None) => Ok(token),
        (None, Some(text)) => {
            BearerToken::parse(&format!("Bearer {text}")).map_err(|_| ConnectError::InvalidToken.into())
        }
        (Some(_), Some(_)) => Err(ConnectError::invalid_request(SEVERAL).into()),
        (None, None) => Err(UserInfoError::NoToken),
    }
}

fn response(info: UserInfo) -> UserInfoResponse {
    let (name, preferred_username) = info.profile.unzip();
    UserInfoResponse {
        sub: info.user_id.to_string(),
        name: name.map(|name| name.to_string()),
        preferred_username: preferred_username.map(|name| name.to_string()),
        // Nobody has seen the person read it.
        email: info.email.map(|email| EmailClaims { email: email.to_string(), email_verified: false }),
    }
}

/// Why nobody is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserInfoError {
    /// 401 without an error code: the caller did not try (RFC 6750 §3.1).
    NoToken,
    /// As at the other endpoints of `/connect`, with the challenge of a bearer.
    Connect(ConnectError),
}

impl From<ConnectError> for UserInfoError {
    fn from(error: ConnectError) -> Self {
        Self::Connect(error)
    }
}

impl fmt::Display for UserInfoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => f.write_str("no access token"),
            Self::Connect(error) => error.fmt(f),
        }
    }
}

impl ResponseError for UserInfoError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::Connect(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = match self {
            Self::NoToken => connect_response(StatusCode::UNAUTHORIZED).finish(),
            Self::Connect(error) => error.error_response(),
        };
        let challenge = match self {
            Self::NoToken => Some(r#"Bearer realm="turnkeep""#),
            Self::Connect(ConnectError::InvalidToken) => {
                Some(r#"Bearer realm="turnkeep", error="invalid_token""#)
            }
            Self::Connect(ConnectError::InsufficientScope) => {
                Some(r#"Bearer realm="turnkeep", error="insufficient_scope", scope="openid""#)
            }
            Self::Connect(ConnectError::Refused(OAuthErrorCode::InvalidRequest, _)) => {
                Some(r#"Bearer realm="turnkeep", error="invalid_request""#)
            }
            Self::Connect(_) => None,
        };
        let headers = response.headers_mut();
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        let open: [(HeaderName, &'static str); 2] = [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, "WWW-Authenticate"),
        ];
        for (name, value) in open {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
