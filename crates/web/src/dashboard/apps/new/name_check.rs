//! `GET /dashboard/tenants/{tenant}/apps/name-check?name=`: what the script of the form says while a name is typed.

use actix_web::HttpResponse;
use serde_json::json;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::judge_new_app::judge_new_app;

use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::denial::{notice_of, sentence};
use crate::dashboard::script_answer::script_answer;

/// `{"free": true, "problem": null}`, or what is wrong with the name.
pub(crate) async fn check_name(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let tenant_id = dashboard.tenant()?.id;
    let text = dashboard.query()?.take("name").unwrap_or_default();
    let parsed = DisplayName::parse(&text);
    let name = parsed.as_ref().ok().cloned();
    let judge = move |context: &RegistryContext<'_>| judge_new_app(context, tenant_id, name.as_ref());
    let judged = dashboard.act(judge).await?;
    let problem = match (parsed, judged) {
        (Err(error), _) => Some(sentence(&error.to_string())),
        (Ok(_), Err(denial)) => Some(notice_of(&denial).text),
        (Ok(_), Ok(())) => None,
    };
    Ok(script_answer(&dashboard, &json!({"free": problem.is_none(), "problem": problem})))
}
