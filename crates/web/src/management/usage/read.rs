//! `GET /usage`, `GET /apps/{id}/usage`, `GET /tenants/{id}/usage`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_service::usage::show_usage::{own_usage, usage_of_app};
use turnkeep_service::usage::tenant_usage::{APPS_AT_ONCE, usage_of_tenant};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::usage::history::history_of;
use crate::management::usage::show::{show_tenant_usage, show_usage};

/// The calling app's own.
pub(super) async fn own(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let history = history_of(&call)?;
    let shown = call.run(move |context| own_usage(context, history.as_slice())).await?;
    Ok(answer::view(&show_usage(&shown.usage, shown.histories.first().map(Vec::as_slice))))
}

/// An app's.
pub(super) async fn of_app(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (id, history): (AppId, _) = (call.path_id("id")?, history_of(&call)?);
    let shown = call.run(move |context| usage_of_app(context, id, history.as_slice())).await?;
    Ok(answer::view(&show_usage(&shown.usage, shown.histories.first().map(Vec::as_slice))))
}

/// That of all apps of a tenant.
pub(super) async fn of_tenant(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: TenantId = call.path_id("id")?;
    let usage = call.run(move |context| usage_of_tenant(context, id, APPS_AT_ONCE)).await?;
    Ok(answer::view(&show_tenant_usage(id, &usage)))
}
