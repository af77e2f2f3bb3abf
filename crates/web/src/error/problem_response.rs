//! Problem documents name the request. An error does not know its request, so it leaves the document to the
//! outermost layer, which does.

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderValue};
use turnkeep_domain::id::RequestId;
use turnkeep_protocol::problem::Problem;

use crate::error::api_error::ApiError;

/// A problem that waits for the request's id.
struct PendingProblem(Problem);

/// The answer to an error, its document still to be completed.
pub(crate) fn pending_problem(error: &ApiError) -> HttpResponse {
    let status = error.status_code();
    let title = status.canonical_reason().unwrap_or("Error");
    let mut problem = Problem::new(error.code(), title, status.as_u16(), String::new());
    problem.detail = error.detail();
    problem.errors = error.fields();
    problem.violated_policies = error.violated_policies();
    let mut response = HttpResponse::new(status);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response.extensions_mut().insert(PendingProblem(problem));
    response
}

/// Completes the document of an answer that waits for it.
pub(crate) fn complete_problem(
    mut answered: ServiceResponse<BoxBody>,
    request_id: RequestId,
) -> ServiceResponse<BoxBody> {
    let pending = answered.response_mut().extensions_mut().remove::<PendingProblem>();
    let Some(PendingProblem(mut problem)) = pending else {
        return answered;
    };
    problem.instance = request_id.to_string();
    // Texts and numbers always serialise.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    answered.map_body(|_, _| BoxBody::new(body))
}
