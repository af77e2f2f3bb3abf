//! `POST /tenants/{id}/invitations`.

use actix_web::HttpResponse;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::user::UserName;
use turnkeep_protocol::management::invitation::CreateInvitationRequest;
use turnkeep_service::people::invite::{InviteCommand, invite};

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::invitations::show_open;

/// Invites somebody.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let tenant_id: TenantId = call.path_id("id")?;
    let request: CreateInvitationRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let user_name = errors.check("user_name", UserName::parse(&request.user_name));
    let user_name = errors.finish(user_name)?;
    let command = InviteCommand { tenant_id, user_name, role: request.role.into() };
    let open = call.run(move |context| invite(context, &command)).await?;
    Ok(show_open(&call, &open))
}
