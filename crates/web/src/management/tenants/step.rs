//! `POST /tenants/{id}/activate`, `…/suspend`, `…/close`.

use actix_web::HttpResponse;
use turnkeep_domain::id::TenantId;
use turnkeep_protocol::management::tenant::TenantResponse;
use turnkeep_service::registry::manage_tenant::{TenantStep, step_tenant};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Lets it get tokens.
pub(crate) async fn activate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    step(call, TenantStep::Activate).await
}

/// Stops all its apps.
pub(crate) async fn suspend(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    step(call, TenantStep::Suspend).await
}

/// Ends it.
pub(crate) async fn close(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    step(call, TenantStep::Close).await
}

async fn step(call: ManagementCall, step: TenantStep) -> Result<HttpResponse, ApiError> {
    let id: TenantId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let tenant = call.run(move |context| step_tenant(context, id, step, if_match)).await?;
    Ok(answer::record(tenant.version, &TenantResponse::from(&tenant)))
}
