//! Whether the server can work: it knows of the latest changes, or the database answers.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_service::authority::Authority;

use crate::blocking::{Urgency, run};
use crate::state::WebState;

/// 200 if it can and is not under so much load that others should be asked, else 503. Under load it is asked all the same, and waits for nothing where a lease answers it.
pub(crate) async fn ready(state: web::Data<WebState>) -> HttpResponse {
    let status = state.authority.status();
    let is_ready = match status.is_followed {
        true => status.is_in_step,
        false => run(&state, Urgency::AlwaysRun, Authority::is_ready).await.unwrap_or(false),
    };
    let is_open = state.guard_state() != GuardState::Reject;
    let (status, text) = if is_ready && is_open {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
    };
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({"status": text}))
}
