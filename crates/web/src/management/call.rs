//! An authenticated call of the management API. That it exists means that the caller may use the API at all; what
//! it may do is decided by the use cases.

use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_protocol::bearer::{BearerError, BearerToken};
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::authority::Authority;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult, find_addressed_instance};
use turnkeep_service::tokens::authenticate_bearer::{Caller, authenticate_bearer};

use crate::blocking::{Urgency, run};
use crate::body::single_header;
use crate::error::api_error::ApiError;
use crate::issuer::AddressedIssuer;
use crate::management::json_body::read_json;
use crate::request_context::RequestContext;
use crate::state::WebState;

/// The call.
pub(crate) struct ManagementCall {
    state: web::Data<WebState>,
    context: RequestContext,
    issuer: Slug,
    instance_id: InstanceId,
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
}

impl FromRequest for ManagementCall {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(authenticated(request, payload))
    }
}

async fn authenticated(request: HttpRequest, mut payload: Payload) -> Result<ManagementCall, ApiError> {
    let state = request.app_data::<web::Data<WebState>>().cloned().ok_or(ApiError::Internal)?;
    let context = RequestContext::extract(&request).await?;
    let AddressedIssuer(issuer) = AddressedIssuer::extract(&request).await?;
    let payload = web::Payload::from_request(&request, &mut payload).await.map_err(|_| ApiError::Internal)?;
    let token = presented_token(&request)?;
    let slug = issuer.clone();
    let (instance_id, caller) =
        run(&state, Urgency::Usual, move |authority| authenticate(authority, &slug, token, context))
            .await
            .map_err(|not_run| ApiError::not_run(&not_run, context.request_id))??;
    Ok(ManagementCall { state, context, issuer, instance_id, caller, request, payload })
}

/// The only place a token is taken from; one in the URL is refused, since URLs end up in logs (RFC 6750 §2.3).
fn presented_token(request: &HttpRequest) -> Result<Option<Result<BearerToken, BearerError>>, ApiError> {
    let query = FormParameters::parse(request.query_string().as_bytes())
        .map_err(|_| ApiError::MalformedRequest("the query is malformed"))?;
    if query.has("access_token") {
        return Err(ApiError::MalformedRequest("an access token must not be in the URL"));
    }
    if 1 < request.headers().get_all(header::AUTHORIZATION).count() {
        return Err(ApiError::MalformedRequest("more than one Authorization header"));
    }
    Ok(single_header(request, &header::AUTHORIZATION).map(BearerToken::parse))
}

fn authenticate(
    authority: &Authority,
    issuer: &Slug,
    token: Option<Result<BearerToken, BearerError>>,
    context: RequestContext,
) -> Result<(InstanceId, Caller), ApiError> {
    let instance = find_addressed_instance(authority, issuer)
        .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    let token = match token {
        Some(Ok(token)) => token,
        Some(Err(BearerError::Malformed)) => return Err(ApiError::InvalidToken),
        Some(Err(BearerError::Scheme)) | None => return Err(ApiError::Unauthenticated),
    };
    let caller = authenticate_bearer(authority, issuer, token.expose())
        .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    Ok((instance.id, caller))
}

impl ManagementCall {
    /// Runs a use case for the caller.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&RegistryContext<'_>) -> RegistryResult<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (instance_id, caller, request_id) = (self.instance_id, self.caller, self.context.request_id);
        let ended = run(&self.state, Urgency::Usual, move |authority| {
            use_case(&RegistryContext { authority, instance_id, caller, request_id: Some(request_id) })
        });
        ended
            .await
            .map_err(|not_run| ApiError::not_run(&not_run, request_id))?
            .map_err(|failure| ApiError::from_failure(failure, request_id))
    }

    /// An id in the path. What is no id leads nowhere, like the id of nothing.
    pub(super) fn path_id<Id: FromStr>(&self, name: &str) -> Result<Id, ApiError> {
        let text = self.request.match_info().get(name).ok_or(ApiError::NotFound)?;
        text.parse().map_err(|_| ApiError::NotFound)
    }

    /// Texts in the path with every character they may have, `/` included.
    pub(super) async fn path_texts<T: DeserializeOwned + 'static>(&self) -> Result<T, ApiError> {
        let path = web::Path::<T>::extract(&self.request).await;
        Ok(path.map_err(|_| ApiError::NotFound)?.into_inner())
    }

    /// The parameters of the URL's query.
    pub(super) fn query(&self) -> Result<FormParameters, ApiError> {
        FormParameters::parse(self.request.query_string().as_bytes())
            .map_err(|_| ApiError::MalformedRequest("the query is malformed"))
    }

    /// The version that the caller wants to change (RFC 9110 §13.1.1); `None` for any.
    pub(super) fn if_match(&self) -> Result<Option<RecordVersion>, ApiError> {
        let values = self.request.headers().get_all(header::IF_MATCH).count();
        let tag = match (values, single_header(&self.request, &header::IF_MATCH)) {
            (0, _) => return Ok(None),
            (_, Some(tag)) => tag.trim(),
            (_, None) => return Err(ApiError::PreconditionFailed),
        };
        if tag == "*" {
            return Ok(None);
        }
        let number = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let version = number.and_then(|number| number.parse().ok()).map(RecordVersion::from_number);
        version.map(Some).ok_or(ApiError::PreconditionFailed)
    }

    /// The body.
    pub(super) async fn json<T: DeserializeOwned>(&mut self) -> Result<T, ApiError> {
        let mut none = Payload::None;
        let empty =
            web::Payload::from_request(&self.request, &mut none).await.map_err(|_| ApiError::Internal)?;
        let payload = std::mem::replace(&mut self.payload, empty);
        read_json(&self.request, payload).await
    }

    /// The URL of something below the API.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.state.authority.base_url().issuer_of(&self.issuer))
    }

    /// For what is shown as of now, or below the base URL.
    pub(super) fn authority(&self) -> &Authority {
        &self.state.authority
    }
}
