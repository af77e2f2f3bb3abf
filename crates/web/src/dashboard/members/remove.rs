//! `POST /dashboard/tenants/{tenant}/members/{user}/remove`.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::UserId;
use turnkeep_service::people::remove_member::remove_member;

use super::page::{members_path, refused};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::UrgentDashboardRequest;
use crate::dashboard::form_version::form_version;

/// Takes somebody out of the tenant. Who leaves it does not see it any more.
pub(crate) async fn submit_removal(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let (tenant_id, user_id): (_, UserId) = (dashboard.tenant()?.id, dashboard.path_id("user")?);
    let version = form_version(&mut form)?;
    let leaves = user_id == dashboard.person.signed_in.user.id && !dashboard.acting.is_operator();
    let remove = dashboard.act(move |context| remove_member(context, tenant_id, user_id, Some(version)));
    match remove.await? {
        Ok(()) if leaves => Ok(dashboard.see_other(&dashboard.paths().dashboard())),
        Ok(()) => Ok(dashboard.done(&members_path(&dashboard)?, "member-removed")),
        Err(denial) => refused(&dashboard, &denial).await,
    }
}
