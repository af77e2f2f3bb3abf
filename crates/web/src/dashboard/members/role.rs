//! `POST /dashboard/tenants/{tenant}/members/{user}/role`.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::UserId;
use turnkeep_domain::membership::Role;
use turnkeep_policy::permission::Permission;
use turnkeep_service::people::set_member::set_member;

use super::page::{members_path, refused};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::form_version::form_version;

/// Changes what a member is.
pub(crate) async fn submit_role(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let (tenant_id, user_id): (_, UserId) = (dashboard.tenant()?.id, dashboard.path_id("user")?);
    let version = form_version(&mut form)?;
    let role = form.take("role").and_then(|text| Role::parse(&text).ok());
    let Some(role) = role else {
        dashboard.require(Permission::ManageMembers)?;
        return Err(PageError::MalformedRequest);
    };
    let set = dashboard.act(move |context| set_member(context, tenant_id, user_id, role, Some(version)));
    match set.await? {
        Ok(_) => Ok(dashboard.done(&members_path(&dashboard)?, "role-changed")),
        Err(denial) => refused(&dashboard, &denial).await,
    }
}
