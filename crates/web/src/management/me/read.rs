//! `GET /me`.

use actix_web::HttpResponse;
use turnkeep_protocol::management::me::{MeResponse, ReachName};
use turnkeep_service::people::who_am_i::{Me, who_am_i};
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// The caller.
pub(crate) async fn me(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let me = call.run(|context| Ok(who_am_i(context))).await?;
    Ok(answer::view(&show(&me)))
}

fn show(me: &Me) -> MeResponse {
    let (reach, place) = match me.reach {
        Reach::Platform => (ReachName::Platform, None),
        Reach::Instance => (ReachName::Instance, None),
        Reach::Tenant { tenant_id, role } => (ReachName::Tenant, Some((tenant_id, role))),
        Reach::Nowhere => (ReachName::Nowhere, None),
    };
    MeResponse {
        actor: me.actor.to_string(),
        reach,
        tenant_id: place.map(|(tenant_id, _)| tenant_id.to_string()),
        role: place.map(|(_, role)| role.into()),
        permissions: me.permissions.iter().map(|permission| permission.code().to_owned()).collect(),
    }
}
