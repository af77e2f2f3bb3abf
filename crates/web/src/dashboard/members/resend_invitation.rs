//! `POST /dashboard/tenants/{tenant}/invitations/{invitation}/resend`. The answer has the new link in it.

use actix_web::{HttpResponse, web};
use turnkeep_domain::id::InvitationId;
use turnkeep_service::people::resend_invitation::resend_invitation;

use super::invitation_once::invitation_once;
use super::page::refused;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;

/// Gives an invitation its whole time again and a new link; the old one is void.
pub(crate) async fn submit_resend(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.read_form(payload).await?;
    let (tenant_id, id): (_, InvitationId) = (dashboard.tenant()?.id, dashboard.path_id("invitation")?);
    match dashboard.act(move |context| resend_invitation(context, tenant_id, id)).await? {
        Ok(open) => invitation_once(&dashboard, &open),
        Err(denial) => refused(&dashboard, &denial).await,
    }
}
