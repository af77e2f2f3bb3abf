//! `POST /dashboard/tenants/{tenant}/invitations/{invitation}/cancel`.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::InvitationId;
use turnkeep_service::people::cancel_invitation::cancel_invitation;

use super::page::{members_path, refused};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::UrgentDashboardRequest;
use crate::dashboard::form_version::form_version;

/// Takes an invitation back.
pub(crate) async fn submit_cancellation(
    UrgentDashboardRequest(dashboard): UrgentDashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let (tenant_id, id): (_, InvitationId) = (dashboard.tenant()?.id, dashboard.path_id("invitation")?);
    let version = form_version(&mut form)?;
    match dashboard.act(move |context| cancel_invitation(context, tenant_id, id, Some(version))).await? {
        Ok(()) => Ok(dashboard.done(&members_path(&dashboard)?, "invitation-cancelled")),
        Err(denial) => refused(&dashboard, &denial).await,
    }
}
