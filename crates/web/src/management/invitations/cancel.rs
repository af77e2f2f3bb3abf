//! `DELETE /tenants/{id}/invitations/{invitation_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_service::people::cancel_invitation::cancel_invitation;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Takes an invitation back.
pub(crate) async fn cancel(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (tenant_id, id): (TenantId, InvitationId) = (call.path_id("id")?, call.path_id("invitation_id")?);
    let if_match = call.if_match()?;
    call.run(move |context| cancel_invitation(context, tenant_id, id, if_match)).await?;
    Ok(answer::done())
}
