//! `POST …/apps/{app}/plan`: what operators do about the plan of an app.

use actix_web::{HttpResponse, web};
use turnkeep_policy::decide_plan_assignment::PlanAssignmentDenial;
use turnkeep_policy::permission::Permission;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};
use turnkeep_service::registry::denial::RegistryDenial;

use super::app_page::AppPage;
use super::overview::show::show_refused;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{Announcements, DashboardRequest};
use crate::dashboard::form_version::form_version;

/// What the page of the app says afterwards.
pub(super) const PLAN_CHANGES: Announcements = &[
    ("plan-assigned", "The app is on the plan. It shows in the next token."),
    ("plan-removed", "The app is on no plan. Its next token says nothing about limits."),
    ("plan-held", "The app waits for a payment. It gets no token, and those it had are dead."),
    ("plan-released", "The payment arrived, and the app gets tokens again."),
];

/// Puts the app on a plan, takes it off, stops it until a payment arrives, or goes on.
pub(crate) async fn submit_plan(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let asked = action_of(&mut form);
    if !matches!(asked, Ok(Some(_))) {
        page.dashboard.require(Permission::Operate)?;
    }
    let Some((action, word)) = asked? else {
        let denial = RegistryDenial::PlanAssignment(PlanAssignmentDenial::PlanUnknown);
        return show_refused(&page, &denial).await;
    };
    let (id, version) = (page.app().id, form_version(&mut form)?);
    let change = page.dashboard.act(move |context| change_plan(context, id, action, Some(version)));
    match change.await? {
        Ok(_) => Ok(page.dashboard.done(&page.path(""), word)),
        Err(denial) => show_refused(&page, &denial).await,
    }
}

/// What to do and how to say that it was done; `None` if there is no such plan.
fn action_of(form: &mut FormParameters) -> Result<Option<(PlanAction, &'static str)>, PageError> {
    match form.take("action").as_deref() {
        Some("assign") => {
            let plan_id = form.take("plan_id").and_then(|text| text.parse().ok());
            Ok(plan_id.map(|plan_id| (PlanAction::Assign(plan_id), "plan-assigned")))
        }
        Some("remove") => Ok(Some((PlanAction::Remove, "plan-removed"))),
        Some("hold") => Ok(Some((PlanAction::Hold, "plan-held"))),
        Some("release") => Ok(Some((PlanAction::Release, "plan-released"))),
        _ => Err(PageError::MalformedRequest),
    }
}
