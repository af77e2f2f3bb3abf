//! `POST /dashboard/people/{user}/enable`, `…/disable`, `…/sign-out-everywhere`, `…/make-operator`, `…/remove-operator`.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::UserState;
use turnkeep_service::people::manage_operators::{add_operator, remove_operator};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::sign_in::end_sessions::end_sessions_of_user;

use super::person::show_refused;
use super::person_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::operators::refusal::attempt;

/// Lets the user act again.
pub(crate) async fn submit_enabling(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard, payload, "enabled", |context, id| {
        switch_user(context, id, UserState::Active, None).map(drop)
    })
    .await
}

/// Stops the user, and every app that acts as it.
pub(crate) async fn submit_disabling(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard.0, payload, "disabled", |context, id| {
        switch_user(context, id, UserState::Disabled, None).map(drop)
    })
    .await
}

/// Ends everything they are signed in to.
pub(crate) async fn submit_sign_out_everywhere(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard.0, payload, "signed-out", |context, id| end_sessions_of_user(context, id).map(drop)).await
}

/// Makes them an operator.
pub(crate) async fn submit_operator(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard, payload, "operator-added", |context, id| add_operator(context, id).map(drop)).await
}

/// Takes that back, also from oneself.
pub(crate) async fn submit_operator_removal(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    step(dashboard.0, payload, "operator-removed", remove_operator).await
}

async fn step(
    dashboard: DashboardRequest,
    payload: web::Payload,
    word: &'static str,
    use_case: fn(&RegistryContext<'_>, UserId) -> RegistryResult<()>,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    dashboard.read_form(payload).await?;
    let id: UserId = dashboard.path_id("user")?;
    match attempt(&dashboard, Ok(id), move |context, id| use_case(context, *id)).await? {
        // Who is no operator any more finds this page gone.
        Ok(()) if word == "operator-removed" && dashboard.person.signed_in.user.id == id => {
            Ok(dashboard.see_other(&dashboard.paths().dashboard()))
        }
        Ok(()) => Ok(dashboard.done(&person_path(dashboard.paths(), id, ""), word)),
        Err(refusal) => show_refused(&dashboard, refusal).await,
    }
}
