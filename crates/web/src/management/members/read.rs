//! `GET /tenants/{id}/members`, `GET /tenants/{id}/members/{user_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_service::people::list_members::{find_member, list_members};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;
use crate::management::members::{ROLES, show};

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let tenant_id: TenantId = call.path_id("id")?;
    let query = ListQuery::of(&call)?;
    let mut errors = FieldErrors::default();
    let role = errors.one_of("role", call.query().value("role"), &ROLES);
    let role = errors.finish(role)?;
    let page = query.page::<UserId>()?;
    let members = call.run(move |context| list_members(context, tenant_id, role, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &members,
        |member| member.user.id,
        |member| member.user.name.to_string(),
        show,
    )))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (tenant_id, user_id): (TenantId, UserId) = (call.path_id("id")?, call.path_id("user_id")?);
    let member = call.run(move |context| find_member(context, tenant_id, user_id)).await?;
    Ok(answer::record(member.membership.version, &show(&member)))
}
