//! `POST /dashboard/plans/{plan}/activate`, `…/archive`.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::PlanId;
use turnkeep_service::registry::manage_plan::{PlanStep, step_plan};

use super::edit::show_refused;
use super::list::plan_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::operators::refusal::attempt;

/// Lets it take apps.
pub(crate) async fn submit_activation(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard, payload, (PlanStep::Activate, "activated")).await
}

/// Lets it take no further apps.
pub(crate) async fn submit_archiving(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard, payload, (PlanStep::Archive, "archived")).await
}

async fn step(
    dashboard: DashboardRequest,
    payload: web::Payload,
    (step, word): (PlanStep, &'static str),
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    dashboard.read_form(payload).await?;
    let id: PlanId = dashboard.path_id("plan")?;
    let ended = attempt(&dashboard, Ok(step), move |context, step| step_plan(context, id, *step, None));
    match ended.await? {
        Ok(_) => Ok(dashboard.done(&plan_path(dashboard.paths(), id, ""), word)),
        Err(refusal) => show_refused(&dashboard, refusal).await,
    }
}
