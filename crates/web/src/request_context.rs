//! What is known of every request before anything else: its id and where it comes from.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::rt::time::sleep;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use turnkeep_domain::id::RequestId;

use crate::access_log::log_access;
use crate::account::error_page::complete_error_page;
use crate::admission::limit_headers::tell_limits;
use crate::admission::refusal::Paced;
use crate::allowed_origin::tell_origin;
use crate::error::api_error::ApiError;
use crate::error::problem_response::complete_problem;
use crate::propagation_header::tell_propagation;
use crate::request_span;
use crate::state::WebState;
use crate::telemetry::route_label::RouteLabel;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A request's id and caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestContext {
    pub(crate) request_id: RequestId,
    pub(crate) address: IpAddr,
}

impl FromRequest for RequestContext {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().copied().ok_or(ApiError::Internal))
    }
}

/// The outermost layer: gives each request its id, and each answer the headers that all have.
pub(crate) async fn with_context(
    state: web::Data<WebState>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let context = RequestContext {
        request_id: state.authority.new_request_id(),
        address: caller_address(&state, request.request()),
    };
    request.extensions_mut().insert(context);
    let started = Instant::now();
    let span = request_span::begin(context, &request);
    let answered = request_span::within(context, &span, next.call(request)).await?;
    let answered = complete_problem(answered.map_into_boxed_body(), context.request_id);
    let mut answered = complete_error_page(answered, &state, context.request_id);
    let request = answered.request().clone();
    let headers = answered.headers_mut();
    tell_propagation(&request, headers);
    tell_limits(&request, headers);
    tell_origin(&request, headers);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::try_from(context.request_id.to_string()) {
        headers.insert(X_REQUEST_ID, id);
    }
    let (status, elapsed) = (answered.status(), started.elapsed());
    state.metrics.count_request(RouteLabel::of(answered.request()), status, elapsed);
    log_access(context, answered.request(), status, elapsed);
    request_span::end(&span, answered.request(), status);
    let paced = answered.response().extensions().get::<Paced>().copied();
    if let Some(paced) = paced {
        pace(&state, paced).await;
    }
    Ok(answered)
}

/// Lets a refusal wait for its turn.
async fn pace(state: &WebState, paced: Paced) {
    let delay = state.gatekeeper.pace();
    if !delay.is_zero() {
        let without_room = paced == Paced::WithoutRoom;
        let _parked = (state.metrics.park(), without_room.then(|| state.gatekeeper.park()));
        sleep(delay).await;
    }
}

fn caller_address(state: &WebState, request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    // A value that is no text breaks the chain of trust at its place, like any other nonsense.
    let forwarded: Vec<&str> =
        request.headers().get_all(X_FORWARDED_FOR).map(|value| value.to_str().unwrap_or("?")).collect();
    let is_forwarded = !forwarded.is_empty();
    let caller = state.trusted_proxies.caller_address(peer, forwarded.into_iter());
    if is_forwarded
        && caller == peer.to_canonical()
        && !state.has_warned_of_proxy.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(client.address = %peer, "X-Forwarded-For comes from an address that trusted_proxies does not name: all of its clients are counted as one");
    }
    caller
}
