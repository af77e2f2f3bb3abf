//! An authenticated call of the management API. That it exists means that the caller may use the API at all; what
//! it may do is decided by the use cases.

use std::str::FromStr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{InstanceId, RequestId, TenantId};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::rate_limits::limiter::Party;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_protocol::bearer::{BearerError, BearerToken};
use turnkeep_protocol::problem::FieldError;
use turnkeep_protocol::query::{QueryError, QueryParameters};
use turnkeep_service::authority::Authority;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult, find_addressed_instance};
use turnkeep_service::registry::idempotency::{
    IdempotencyClaim, KeptAnswer, Replay, find_replay, keep_answer,
};
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::authenticate_app::{AppRole, authenticate_app};
use turnkeep_service::tokens::authenticate_bearer::{
    BearerDenial, Caller, METER_SCOPE, Reach, authenticate_bearer,
};

use crate::admission::request_admission::RequestAdmission;
use crate::blocking::{Urgency, run, run_observed};
use crate::body::single_header;
use crate::error::api_error::ApiError;
use crate::error::fault::{log_fault, log_not_run};
use crate::issuer::AddressedIssuer;
use crate::management::json_body::{MAX_BODY_BYTES, check_content_type, parse_json, read_json_body};
use crate::management::operation::Callers;
use crate::propagation_header::note_propagation;
use crate::request_context::RequestContext;
use crate::state::WebState;

/// The call.
pub(crate) struct ManagementCall {
    state: web::Data<WebState>,
    context: RequestContext,
    issuer: Slug,
    instance_id: InstanceId,
    caller: Caller,
    query: QueryParameters,
    request: HttpRequest,
    body: Body,
    max_body_bytes: usize,
    urgency: Urgency,
    claim: Option<Arc<IdempotencyClaim>>,
}

/// The body, which is read at most once.
enum Body {
    Unread(Payload),
    Read(Bytes),
}

/// The only place a token is taken from; one in the URL is refused, since URLs end up in logs (RFC 6750 §2.3).
fn presented_token(
    request: &HttpRequest,
    query: &QueryParameters,
) -> Result<Option<Result<BearerToken, BearerError>>, ApiError> {
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
    callers: Callers,
    context: RequestContext,
) -> Result<(InstanceId, Caller), ApiError> {
    let instance = find_addressed_instance(authority, issuer)
        .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    let token = match token {
        Some(Ok(token)) => token,
        Some(Err(BearerError::Malformed)) => return Err(ApiError::InvalidToken),
        Some(Err(BearerError::Scheme)) | None => return Err(ApiError::Unauthenticated),
    };
    let token = token.expose();
    let app = |role| authenticate_app(authority, issuer, token, role, LookUp::Anywhere);
    let caller = match callers {
        Callers::Registry => authenticate_bearer(authority, issuer, token, LookUp::Anywhere),
        Callers::AppItself => app(AppRole::Itself),
        Callers::Meters => app(AppRole::Meter),
    };
    let caller = caller.map_err(|failure| match (failure, callers) {
        (Failure::Denied(BearerDenial::InsufficientScope), Callers::Meters) => {
            ApiError::InsufficientScope(METER_SCOPE)
        }
        (failure, _) => ApiError::from_failure(failure, context.request_id),
    })?;
    Ok((instance.id, caller))
}

/// Whom the limits count a call for. The command line of the server itself is counted for nobody.
fn party_of(caller: &Caller) -> Option<Party> {
    let client = match caller.actor {
        Actor::App(id) => *id.as_bytes(),
        Actor::User(id) => *id.as_bytes(),
        Actor::System | Actor::CommandLine | Actor::Anonymous => return None,
    };
    let tenant = caller.tenant_id.map(|id| *id.as_bytes());
    Some(Party { client, tenant, client_quota: None })
}

impl ManagementCall {
    /// Finds out who calls, and whether there is room for it.
    pub(super) async fn authenticate(
        request: HttpRequest,
        payload: Payload,
        priority: Priority,
        callers: Callers,
    ) -> Result<Self, ApiError> {
        let state = request.app_data::<web::Data<WebState>>().cloned().ok_or(ApiError::Internal)?;
        let context = RequestContext::extract(&request).await?;
        let kind = (Endpoint::Management, priority);
        let admission = RequestAdmission::count_arrival(&state, &request, kind, context.address);
        // What takes access away is not kept from who may do it by others at the same address.
        let is_judged_late = priority == Priority::AlwaysPass;
        if !is_judged_late {
            admission.refused_at_arrival()?;
        }
        admission.wait_for_room().await?;
        let urgency = Urgency::of(priority);
        let first = match urgency {
            // Who it is, is not known yet.
            Urgency::AlwaysRun if !admission.is_over_limit() => Urgency::UrgentCaller,
            _ => Urgency::Usual,
        };
        let AddressedIssuer(issuer) = AddressedIssuer::extract(&request).await?;
        let query = QueryParameters::parse(request.query_string()).map_err(|error| match error {
            QueryError::Malformed => ApiError::MalformedRequest("the query is malformed"),
            QueryError::TooMany => ApiError::MalformedRequest("the query has too many parameters"),
        })?;
        let token = presented_token(&request, &query)?;
        let slug = issuer.clone();
        let authenticated =
            run(&state, first, move |authority| authenticate(authority, &slug, token, callers, context))
                .await
                .map_err(|not_run| ApiError::not_run(&not_run, context.request_id))?;
        let (instance_id, caller) = match authenticated {
            Ok(authenticated) => authenticated,
            Err(error) => {
                if is_judged_late {
                    admission.refused_at_arrival()?;
                }
                return Err(error);
            }
        };
        if let Some(party) = party_of(&caller) {
            admission.identify(&party)?;
            admission.count_together().await?;
        }
        let body = Body::Unread(payload);
        let max_body_bytes = MAX_BODY_BYTES;
        Ok(Self {
            state,
            context,
            issuer,
            instance_id,
            caller,
            query,
            request,
            body,
            max_body_bytes,
            urgency,
            claim: None,
        })
    }

    /// Runs a use case for the caller.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&RegistryContext<'_>) -> RegistryResult<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (instance_id, caller, request_id) = (self.instance_id, self.caller, self.context.request_id);
        let claim = self.claim.clone();
        let ended = run_observed(&self.state, self.urgency, move |authority| {
            let idempotency = claim.as_deref();
            use_case(&RegistryContext {
                authority,
                instance_id,
                caller,
                request_id: Some(request_id),
                idempotency,
            })
        });
        let (ended, propagation) = ended.await.map_err(|not_run| ApiError::not_run(&not_run, request_id))?;
        note_propagation(&self.request, propagation);
        ended.map_err(|failure| ApiError::from_failure(failure, request_id))
    }

    /// Lets operators send a longer body. Nobody else gets to fill the memory.
    pub(super) fn allow_operators_body(&mut self, max_bytes: usize) {
        match self.caller.reach {
            Reach::Platform | Reach::Instance => self.max_body_bytes = max_bytes,
            Reach::Tenant { .. } | Reach::Nowhere => {}
        }
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

    /// The answer to an earlier call with the same key, if there is one.
    pub(super) async fn find_replay(&self, claim: &Arc<IdempotencyClaim>) -> Result<Replay, ApiError> {
        let claim = Arc::clone(claim);
        self.run(move |context| find_replay(context, &claim)).await
    }

    /// Makes this the one call with its key; what is returned keeps its answer.
    pub(super) fn claim(&mut self, claim: Arc<IdempotencyClaim>) -> AnswerNote {
        self.claim = Some(Arc::clone(&claim));
        AnswerNote {
            state: self.state.clone(),
            instance_id: self.instance_id,
            caller: self.caller,
            request_id: self.context.request_id,
            claim,
        }
    }

    /// The request's headers.
    pub(super) fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The request's path.
    pub(super) fn path(&self) -> &str {
        self.request.path()
    }

    /// The query as it was sent.
    pub(super) fn query_text(&self) -> &str {
        self.request.query_string()
    }

    /// The parameters of the URL's query.
    pub(super) fn query(&self) -> &QueryParameters {
        &self.query
    }

    /// Names a list as this caller sees it: a cursor for it is good for nothing else.
    pub(super) fn list_name(&self, without: &[&str]) -> String {
        let mut name = vec![self.instance_id.to_string(), reach_name(self.caller.reach)];
        name.push(self.request.path().to_owned());
        for (parameter, value) in self.query.sorted() {
            if !without.contains(&parameter) {
                name.extend([parameter.to_owned(), value.to_owned()]);
            }
        }
        // As JSON no two lists share a name, whatever the texts are; texts always serialise.
        serde_json::to_string(&name).unwrap_or_default()
    }

    /// For changes of what has no version, now or before: a caller that names one is told so, since its change
    /// would not be held back by it.
    pub(super) fn refuse_if_match(&self) -> Result<(), ApiError> {
        let mut values = self.request.headers().get_all(header::IF_MATCH);
        if values.all(|value| value.as_bytes() == b"*") {
            return Ok(());
        }
        let message = "has to be `*` or absent: there is no version to compare it with";
        Err(ApiError::InvalidFields(vec![FieldError::new("If-Match", &message)]))
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

    /// The tenant that the query asks for. What is no tenant's id is as good as one that the caller does not reach.
    pub(super) fn queried_tenant(&self) -> Result<Option<TenantId>, ApiError> {
        self.query.value("tenant_id").map(|text| text.parse().map_err(|_| ApiError::NotFound)).transpose()
    }

    /// The body, as what it has to be.
    pub(super) async fn json<T: DeserializeOwned>(&mut self) -> Result<T, ApiError> {
        check_content_type(&self.request)?;
        let body = self.read_body().await?;
        parse_json(&body)
    }

    /// The body, as what it has to be if it is there.
    pub(super) async fn json_or_default<T: DeserializeOwned + Default>(&mut self) -> Result<T, ApiError> {
        if self.read_body().await?.is_empty() { Ok(T::default()) } else { self.json().await }
    }

    /// For operations without a body: there is none, or one without members.
    pub(super) async fn refuse_body(&mut self) -> Result<(), ApiError> {
        if self.read_body().await?.is_empty() {
            return Ok(());
        }
        self.json::<NoMembers>().await.map(drop)
    }

    /// The body, whatever it is.
    pub(super) async fn read_body(&mut self) -> Result<Bytes, ApiError> {
        let payload = match std::mem::replace(&mut self.body, Body::Read(Bytes::new())) {
            Body::Unread(payload) => payload,
            Body::Read(body) => {
                self.body = Body::Read(body.clone());
                return Ok(body);
            }
        };
        let body = read_json_body(&self.request, payload, self.max_body_bytes).await?;
        self.body = Body::Read(body.clone());
        Ok(body)
    }

    /// The URL of something below the API.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.state.authority.base_url().issuer_of(&self.issuer))
    }

    /// What the rest of a long answer needs, after the call is answered.
    pub(super) fn behind_the_answer(&self) -> (web::Data<WebState>, RequestId) {
        (self.state.clone(), self.context.request_id)
    }

    /// For what is shown as of now, or below the base URL.
    pub(super) fn authority(&self) -> &Authority {
        &self.state.authority
    }
}

/// Keeps the answer to a call for those that repeat it.
pub(super) struct AnswerNote {
    state: web::Data<WebState>,
    instance_id: InstanceId,
    caller: Caller,
    request_id: RequestId,
    claim: Arc<IdempotencyClaim>,
}

impl AnswerNote {
    /// Keeps it. That it could not be kept is logged: the call was carried out and is answered all the same.
    pub(super) async fn keep(self, answer: KeptAnswer) {
        let Self { state, instance_id, caller, request_id, claim } = self;
        let kept = run(&state, Urgency::AlwaysRun, move |authority| {
            let request_id = Some(request_id);
            let context =
                RegistryContext { authority, instance_id, caller, request_id, idempotency: Some(&claim) };
            keep_answer(&context, &claim, &answer)
        });
        match kept.await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => drop(log_fault(&fault, request_id)),
            Err(not_run) => drop(log_not_run(&not_run, request_id)),
        }
    }
}

/// What a request carries that says everything by its method and path.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoMembers {}

/// Everything that a list's content depends on beside its address.
fn reach_name(reach: Reach) -> String {
    match reach {
        Reach::Platform | Reach::Instance => "everything".to_owned(),
        Reach::Tenant { tenant_id, .. } => tenant_id.to_string(),
        Reach::Nowhere => "nothing".to_owned(),
    }
}
