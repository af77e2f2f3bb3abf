//! `GET /tenants`, `GET /tenants/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::TenantId;
use turnkeep_protocol::management::tenant::TenantResponse;
use turnkeep_service::registry::manage_tenant::{find_tenant, list_tenants};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;

/// Those that the caller reaches.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::<TenantId>::take(&mut call.query()?)?;
    let tenants = call.run(move |context| list_tenants(context, query.page())).await?;
    Ok(answer::view(&query.answer(tenants, |tenant| tenant.id, |tenant| TenantResponse::from(tenant))))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: TenantId = call.path_id("id")?;
    let tenant = call.run(move |context| find_tenant(context, id)).await?;
    Ok(answer::record(tenant.version, &TenantResponse::from(&tenant)))
}
