//! `PUT /tenants/{id}/members/{user_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_protocol::management::member::SetMemberRequest;
use turnkeep_service::people::set_member::set_member;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::members::show;

/// Gives a user a role.
pub(crate) async fn set(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (tenant_id, user_id): (TenantId, UserId) = (call.path_id("id")?, call.path_id("user_id")?);
    let if_match = call.if_match()?;
    let request: SetMemberRequest = call.json().await?;
    let role = request.role.into();
    let member = call.run(move |context| set_member(context, tenant_id, user_id, role, if_match)).await?;
    Ok(answer::record(member.membership.version, &show(&member)))
}
