//! `POST /dashboard/tenants/{tenant}/activate` and `…/suspend`.

use actix_web::{HttpResponse, web};
use turnkeep_service::registry::manage_tenant::{TenantStep, step_tenant};

use super::edit::show_refused;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::operators::refusal::attempt;

/// Lets its apps get tokens.
pub(crate) async fn submit_activation(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard, payload, TenantStep::Activate, "activated").await
}

/// Stops all its apps.
pub(crate) async fn submit_suspension(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard.0, payload, TenantStep::Suspend, "suspended").await
}

async fn step(
    dashboard: DashboardRequest,
    payload: web::Payload,
    step: TenantStep,
    word: &'static str,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    dashboard.read_form(payload).await?;
    let id = dashboard.tenant()?.id;
    let ended = attempt(&dashboard, Ok(step), move |context, step| step_tenant(context, id, *step, None));
    if let Err(refusal) = ended.await? {
        return show_refused(&dashboard, refusal);
    }
    Ok(dashboard.done(&dashboard.paths().tenant(id, "/edit"), word))
}
