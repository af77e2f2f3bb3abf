//! `POST /dashboard/resources/{resource}/scopes/delete`, `…/servers/remove`. Scopes can have any letters, so that they
//! are named in the form and not in the address.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::{AppId, ResourceId};
use turnkeep_domain::scope::ScopeName;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_resource::{delete_scope, remove_resource_server};

use super::resource::{SCOPE_IS_LOST, show_refused, show_unticked};
use super::resource_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::operators::refusal::attempt;

/// Takes a scope away, from every app too, where it was ticked that this is meant.
pub(crate) async fn submit_scope_deletion(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let named = form.take("name").and_then(|name| ScopeName::parse(&name).ok());
    let scope = named.ok_or(PageError::NotFound)?;
    if let Err(errors) = SCOPE_IS_LOST.check(&mut form) {
        return show_unticked(&dashboard, (&scope, &errors)).await;
    }
    take_away(&dashboard, "scope-deleted", scope, delete_scope).await
}

/// Takes back that an app may introspect every token.
pub(crate) async fn submit_server_removal(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let named = form.take("app_id").and_then(|id| id.parse().ok());
    let app_id: AppId = named.ok_or(PageError::NotFound)?;
    let remove =
        |context: &RegistryContext<'_>, id, app_id: &AppId| remove_resource_server(context, id, *app_id);
    take_away(&dashboard, "server-removed", app_id, remove).await
}

/// Takes the part away that the form named.
async fn take_away<P: Send + 'static>(
    dashboard: &DashboardRequest,
    word: &'static str,
    part: P,
    use_case: fn(&RegistryContext<'_>, ResourceId, &P) -> RegistryResult<()>,
) -> Result<HttpResponse, PageError> {
    let id: ResourceId = dashboard.path_id("resource")?;
    match attempt(dashboard, Ok(part), move |context, part| use_case(context, id, part)).await? {
        Ok(()) => Ok(dashboard.done(&resource_path(dashboard.paths(), id, ""), word)),
        Err(refusal) => show_refused(dashboard, refusal).await,
    }
}
