//! `POST /dashboard/resources/{resource}/scopes/delete`, `…/servers/remove`. Scopes can have any letters, so that they
//! are named in the form and not in the address.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::{AppId, ResourceId};
use turnkeep_domain::scope::ScopeName;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_resource::{delete_scope, remove_resource_server};

use super::resource::show_refused;
use super::resource_path;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::{DashboardRequest, UrgentDashboardRequest};
use crate::dashboard::operators::refusal::attempt;

/// Takes a scope away, from every app too.
pub(crate) async fn submit_scope_deletion(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let named = |form: &mut FormParameters| ScopeName::parse(&form.take("name")?).ok();
    take_away(dashboard.0, payload, "scope-deleted", named, delete_scope).await
}

/// Takes back that an app may introspect every token.
pub(crate) async fn submit_server_removal(
    dashboard: UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let named = |form: &mut FormParameters| form.take("app_id")?.parse().ok();
    let remove =
        |context: &RegistryContext<'_>, id, app_id: &AppId| remove_resource_server(context, id, *app_id);
    take_away(dashboard.0, payload, "server-removed", named, remove).await
}

/// Takes the part away that the form names; what is no name is nothing.
async fn take_away<P: Send + 'static>(
    dashboard: DashboardRequest,
    payload: web::Payload,
    word: &'static str,
    named: fn(&mut FormParameters) -> Option<P>,
    use_case: fn(&RegistryContext<'_>, ResourceId, &P) -> RegistryResult<()>,
) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut form = dashboard.read_form(payload).await?;
    let id: ResourceId = dashboard.path_id("resource")?;
    let part = named(&mut form).ok_or(PageError::NotFound)?;
    match attempt(&dashboard, Ok(part), move |context, part| use_case(context, id, part)).await? {
        Ok(()) => Ok(dashboard.done(&resource_path(dashboard.paths(), id, ""), word)),
        Err(refusal) => show_refused(&dashboard, refusal).await,
    }
}
