//! `GET /dashboard/tenants/{tenant}/apps/domain-preview?domain=`: what the script of a form says while an allowed domain
//! is typed.

use actix_web::HttpResponse;
use serde_json::json;
use turnkeep_domain::allowed_domain::AllowedDomain;

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::sentence;
use crate::dashboard::script_answer::script_answer;

/// `{"stored": "app.example.com", "problem": null}`, or what is wrong with the domain.
pub(crate) async fn preview_domain(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let text = dashboard.query()?.take("domain").unwrap_or_default();
    let answer = match stored_form(&text) {
        Ok(stored) => json!({"stored": stored, "problem": null}),
        Err(problem) => json!({"stored": null, "problem": problem}),
    };
    Ok(script_answer(&dashboard, &answer))
}

/// How a domain is stored, or what is wrong with it in a sentence.
pub(super) fn stored_form(text: &str) -> Result<String, String> {
    match AllowedDomain::parse(text) {
        Ok(domain) => Ok(domain.to_string()),
        Err(error) => Err(sentence(&error.to_string())),
    }
}
