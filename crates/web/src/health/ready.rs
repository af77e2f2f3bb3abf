//! Whether the server can work: the database answers.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use turnkeep_service::authority::Authority;

use crate::blocking::{Urgency, run};
use crate::state::WebState;

/// 200 if it can, else 503. Under load it is asked all the same.
pub(crate) async fn ready(state: web::Data<WebState>) -> HttpResponse {
    let ready = run(&state, Urgency::AlwaysRun, Authority::is_ready).await.unwrap_or(false);
    let (status, text) =
        if ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not_ready") };
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({"status": text}))
}
