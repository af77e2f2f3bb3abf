//! For actix-web: an extractor that admits a request, a middleware that admits all requests of a scope, and refusals of
//! the gate (RFC 6750 §3) and of the meter as responses.
//!
//! The extractor needs a [`TokenGate`] in the app's data: `App::new().app_data(web::Data::new(gate.clone()))`.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    AUTHORIZATION, CACHE_CONTROL, HeaderName, HeaderValue, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use turnkeep_domain::resource::Audience;

use crate::credentials::{API_KEY_HEADER, AccessRequest};
use crate::gate::TokenGate;
use crate::gate::verified_token::VerifiedToken;
use crate::meter::refusal::MeterRefusal;
use crate::refusal::AccessRefusal;
use crate::requirements::AccessRequirements;

type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// The app's data has no [`TokenGate`]: our mistake, answered with 500.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the app's data has no token gate")]
pub struct NoTokenGate;

impl ResponseError for NoTokenGate {}

/// Admitted by the [`TokenGate`] in the app's data, under the innermost [`AccessRequirements`] in it. With none, any valid
/// token is admitted whose allowed domains the request's origin keeps to.
impl FromRequest for VerifiedToken {
    type Error = Error;
    type Future = LocalFuture<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let gate = request.app_data::<web::Data<TokenGate>>().ok_or(NoTokenGate)?;
            let requirements = request.app_data::<AccessRequirements>();
            admit(gate, requirements.unwrap_or(&AccessRequirements::default()), &request).await
        })
    }
}

/// Middleware: every request has to be admitted before anything behind it runs. A handler behind it finds the token
/// with `web::ReqData<VerifiedToken>`.
#[derive(Debug, Clone)]
pub struct RequireToken {
    gate: TokenGate,
    requirements: Arc<AccessRequirements>,
}

impl RequireToken {
    /// Requests need a token that meets the requirements.
    pub fn new(gate: TokenGate, requirements: AccessRequirements) -> Self {
        Self { gate, requirements: Arc::new(requirements) }
    }
}

impl<S, B> Transform<S, ServiceRequest> for RequireToken
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = RequireTokenService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(RequireTokenService { rule: self.clone(), service: Rc::new(service) }))
    }
}

/// What [`RequireToken`] makes of a service.
pub struct RequireTokenService<S> {
    rule: RequireToken,
    service: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for RequireTokenService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = LocalFuture<Result<Self::Response, Error>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let (rule, service) = (self.rule.clone(), Rc::clone(&self.service));
        Box::pin(async move {
            let token = admit(&rule.gate, &rule.requirements, request.request()).await?;
            request.extensions_mut().insert(token);
            service.call(request).await
        })
    }
}

/// A refusal with the realm that its challenge names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    refusal: AccessRefusal,
    realm: Audience,
}

impl RefusedRequest {
    /// Why.
    pub fn refusal(&self) -> &AccessRefusal {
        &self.refusal
    }
}

impl fmt::Display for RefusedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl ResponseError for RefusedRequest {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.refusal.status()).unwrap_or(StatusCode::FORBIDDEN)
    }

    /// Has no body: everything is in the challenge.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CACHE_CONTROL, "no-store"));
        if let Some(challenge) = self.refusal.challenge(&self.realm) {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        if let Some(seconds) = self.refusal.retry_after_seconds() {
            response.insert_header((RETRY_AFTER, seconds));
        }
        response.finish()
    }
}

/// As a problem document (RFC 9457), with the limit in the way in its header fields.
impl ResponseError for MeterRefusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CACHE_CONTROL, "no-store"));
        for header in self.headers() {
            response.insert_header(header);
        }
        response.content_type("application/problem+json").body(self.problem())
    }
}

async fn admit(
    gate: &TokenGate,
    requirements: &AccessRequirements,
    request: &HttpRequest,
) -> Result<VerifiedToken, Error> {
    let refused = |refusal| RefusedRequest { refusal, realm: gate.audience().clone() };
    let values = |name: HeaderName| request.headers().get_all(name).map(HeaderValue::as_bytes);
    let (authorization, origin) = (values(AUTHORIZATION), values(ORIGIN));
    let api_key = values(HeaderName::from_static(API_KEY_HEADER));
    let query = Some(request.query_string());
    let access = AccessRequest::read(authorization, api_key, origin, query).map_err(refused)?;
    let token = gate.admit(&access, requirements).await.map_err(refused)?;
    Ok(VerifiedToken(token))
}
