//! `GET /account/session`: who is signed in, for the script that keeps people signed in while they type. As a request like
//! any other it begins the time anew that a session lasts without one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;
use crate::account::script_response::{JSON, script_response};

/// `{"person": "usr_…", "csrf": "…"}` with what the forms of the session have to carry; `{"person": null}` of nobody, as
/// browsers show other statuses as errors.
pub(crate) async fn present_session(page: PageRequest) -> Result<HttpResponse, PageError> {
    let answer = match page.signed_in().await? {
        Some(signed_in) => json!({"person": signed_in.user.id.to_string(), "csrf": page.form_token()}),
        None => json!({"person": null}),
    };
    Ok(script_response(&page, StatusCode::OK, JSON, answer.to_string()))
}
