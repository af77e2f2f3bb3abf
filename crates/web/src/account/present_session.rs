//! `GET /account/session`: who is signed in, for the script that keeps people signed in while they type. As a request like
//! any other it begins the time anew that a session lasts without one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;
use turnkeep_service::sign_in::session::{SignedIn, seconds_left};

use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;
use crate::account::script_response::{JSON, script_response};

/// `{"person": "usr_…", "csrf": "…", "left_seconds": …}` with what the forms of the session have to carry, and how long it can
/// last in any case; `{"person": null}` of nobody, as browsers show other statuses as errors.
pub(crate) async fn present_session(page: PageRequest) -> Result<HttpResponse, PageError> {
    let answer = match page.signed_in().await? {
        Some(SignedIn { user, session }) => json!({
            "person": user.id.to_string(),
            "csrf": page.form_token(),
            "left_seconds": seconds_left(&page.state.authority, &session),
        }),
        None => json!({"person": null}),
    };
    Ok(script_response(&page, StatusCode::OK, JSON, answer.to_string()))
}
