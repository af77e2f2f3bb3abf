//! Whether the process answers at all. Asks nothing of anybody.

use actix_web::HttpResponse;
use actix_web::http::header;

/// Always yes.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({"status": "live"}))
}
