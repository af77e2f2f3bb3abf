//! `GET /tenants/{id}/invitations`, `GET /tenants/{id}/invitations/{invitation_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_domain::invitation::InvitationStanding;
use turnkeep_protocol::management::invitation::InvitationResponse;
use turnkeep_service::people::list_invitations::{
    InvitationFilter, InvitationView, find_invitation, list_invitations,
};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;
use crate::management::members::ROLES;

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let tenant_id: TenantId = call.path_id("id")?;
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let page = query.page::<InvitationId>()?;
    let views = call.run(move |context| list_invitations(context, tenant_id, &filter, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &views,
        |view| view.invitation.id,
        |view| view.invitation.user_name.to_string(),
        show,
    )))
}

fn filter_of(call: &ManagementCall) -> Result<InvitationFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let standing = errors.one_of(
        "state",
        query.value("state"),
        &[
            ("pending", InvitationStanding::Pending),
            ("accepted", InvitationStanding::Accepted),
            ("cancelled", InvitationStanding::Cancelled),
            ("expired", InvitationStanding::Expired),
        ],
    );
    let role = errors.one_of("role", query.value("role"), &ROLES);
    let (standing, role) = errors.finish(standing.zip(role))?;
    Ok(InvitationFilter { standing, role })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (tenant_id, id): (TenantId, InvitationId) = (call.path_id("id")?, call.path_id("invitation_id")?);
    let view = call.run(move |context| find_invitation(context, tenant_id, id)).await?;
    Ok(answer::record(view.invitation.version, &show(&view)))
}

fn show(view: &InvitationView) -> InvitationResponse {
    InvitationResponse::new(&view.invitation, view.standing)
}
