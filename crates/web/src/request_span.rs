//! The span of a request, for traces and for logs at the level `debug`. It holds no more of a client than the access log
//! does. Nobody who listens, nothing that it costs.

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use tracing::field::Empty;
use tracing::{Instrument, Span};
use turnkeep_domain::id::RequestId;

use crate::access_log::loggable;
use crate::request_context::RequestContext;
use crate::telemetry::label::Label;
use crate::telemetry::route_label::RouteLabel;

/// The target of all spans of a request: what is exported as a trace has this one.
pub const SPAN_TARGET: &str = "turnkeep::request";

/// The methods that there are for us. Others have no name of their own in traces.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// Begins a span; its names are those of the semantic conventions of OpenTelemetry for HTTP servers.
pub(crate) fn begin(context: RequestContext, request: &ServiceRequest) -> Span {
    tracing::debug_span!(
        target: SPAN_TARGET,
        "request",
        otel.kind = "server",
        otel.name = method_name(request.method()),
        otel.status_code = Empty,
        request.id = %context.request_id,
        client.address = %context.address,
        http.request.method = method_name(request.method()),
        url.path = %loggable(request.path()),
        turnkeep.route = Empty,
        http.response.status_code = Empty,
    )
}

tokio::task_local! {
    /// The request that is being answered.
    static CURRENT: RequestId;
}

/// Answers a request in such a way that whatever is done for it can say so.
pub(crate) async fn within<T>(context: RequestContext, span: &Span, answer: impl Future<Output = T>) -> T {
    CURRENT.scope(context.request_id, answer).instrument(span.clone()).await
}

/// The span of what a request does on another thread, where its log lines would not know whose they are.
pub(crate) fn elsewhere(work: &'static str) -> Span {
    let request_id = CURRENT.try_with(|request_id| *request_id).ok();
    tracing::info_span!(target: SPAN_TARGET, "work", otel.name = work, request.id = request_id.map(tracing::field::display))
}

/// What is known at the end.
pub(crate) fn end(span: &Span, request: &HttpRequest, status: StatusCode) {
    if span.is_disabled() {
        return;
    }
    span.record("turnkeep.route", RouteLabel::of(request).text());
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "error");
    }
}

fn method_name(method: &Method) -> &str {
    METHODS.iter().find(|known| *known == method).map_or("_OTHER", Method::as_str)
}
