//! For everything built on tower: a layer that admits requests before the service behind it sees them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderName, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;
use turnkeep_domain::resource::Audience;

use crate::credentials::{API_KEY_HEADER, AccessRequest};
use crate::gate::TokenGate;
use crate::gate::verified_token::VerifiedToken;
use crate::refusal::AccessRefusal;
use crate::requirements::AccessRequirements;

/// Every request has to be admitted by the gate. The service behind finds a [`VerifiedToken`] in its extensions.
#[derive(Debug, Clone)]
pub struct RequireTokenLayer {
    gate: TokenGate,
    requirements: Arc<AccessRequirements>,
}

impl RequireTokenLayer {
    /// Requests need a token that meets the requirements.
    pub fn new(gate: TokenGate, requirements: AccessRequirements) -> Self {
        Self { gate, requirements: Arc::new(requirements) }
    }
}

impl<S> Layer<S> for RequireTokenLayer {
    type Service = RequireToken<S>;

    fn layer(&self, service: S) -> RequireToken<S> {
        RequireToken { rule: self.clone(), service }
    }
}

/// What [`RequireTokenLayer`] makes of a service. Refusals have an empty body.
#[derive(Debug, Clone)]
pub struct RequireToken<S> {
    rule: RequireTokenLayer,
    service: S,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for RequireToken<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Future: Send,
    RequestBody: Send + 'static,
    ResponseBody: Default,
{
    type Response = Response<ResponseBody>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        // The one that was polled ready goes with the call.
        let clone = self.service.clone();
        let mut service = std::mem::replace(&mut self.service, clone);
        let rule = self.rule.clone();
        Box::pin(async move {
            match admit(&rule, request.headers(), request.uri().query()).await {
                Ok(token) => {
                    request.extensions_mut().insert(token);
                    service.call(request).await
                }
                Err(refusal) => Ok(refused(&refusal, rule.gate.audience())),
            }
        })
    }
}

async fn admit(
    rule: &RequireTokenLayer,
    headers: &http::HeaderMap,
    query: Option<&str>,
) -> Result<VerifiedToken, AccessRefusal> {
    let values = |name: HeaderName| headers.get_all(name).into_iter().map(HeaderValue::as_bytes);
    let api_key = values(HeaderName::from_static(API_KEY_HEADER));
    let access = AccessRequest::read(values(AUTHORIZATION), api_key, values(ORIGIN), query)?;
    rule.gate.admit(&access, &rule.requirements).await.map(VerifiedToken)
}

fn refused<Body: Default>(refusal: &AccessRefusal, realm: &Audience) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::FORBIDDEN);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Realm, scopes and messages are visible ASCII, so the challenge is always a header.
    let challenge = refusal.challenge(realm).and_then(|challenge| HeaderValue::from_str(&challenge).ok());
    if let Some(challenge) = challenge {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    if let Some(seconds) = refusal.retry_after_seconds() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
