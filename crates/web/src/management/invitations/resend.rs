//! `POST /tenants/{id}/invitations/{invitation_id}/resend`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_service::people::resend_invitation::resend_invitation;

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::invitations::show_open;

/// Gives an invitation a new token.
pub(crate) async fn resend(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (tenant_id, id): (TenantId, InvitationId) = (call.path_id("id")?, call.path_id("invitation_id")?);
    let open = call.run(move |context| resend_invitation(context, tenant_id, id)).await?;
    Ok(show_open(&call, &open))
}
