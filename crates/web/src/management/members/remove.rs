//! `DELETE /tenants/{id}/members/{user_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_service::people::remove_member::remove_member;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Takes a user out of the tenant.
pub(crate) async fn remove(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (tenant_id, user_id): (TenantId, UserId) = (call.path_id("id")?, call.path_id("user_id")?);
    let if_match = call.if_match()?;
    call.run(move |context| remove_member(context, tenant_id, user_id, if_match)).await?;
    Ok(answer::done())
}
