//! What the script of a page of the dashboard gets: JSON.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::Value;

use super::dashboard_request::DashboardRequest;
use crate::account::script_response::{JSON, script_response};

/// The answer.
pub(crate) fn script_answer(dashboard: &DashboardRequest, answer: &Value) -> HttpResponse {
    script_response(&dashboard.person.page, StatusCode::OK, JSON, answer.to_string())
}
