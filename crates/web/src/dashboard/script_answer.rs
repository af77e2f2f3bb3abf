//! What the script of a page gets: JSON with the headers of pages, for no other origin and no cache.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use serde_json::Value;

use super::dashboard_request::DashboardRequest;
use crate::account::page::insert_page_headers;

/// The answer.
pub(crate) fn script_answer(dashboard: &DashboardRequest, answer: &Value) -> HttpResponse {
    let mut response = HttpResponse::Ok().body(answer.to_string());
    let headers = response.headers_mut();
    insert_page_headers(headers, dashboard.person.page.state.authority.base_url(), None);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
