//! `GET /tenants`, `GET /tenants/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{Search, TenantFilter};
use turnkeep_domain::id::TenantId;
use turnkeep_protocol::management::tenant::TenantResponse;
use turnkeep_service::registry::manage_tenant::{find_tenant, list_tenants};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;
use crate::management::tenants::STATES;

/// Those that the caller reaches.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let page = query.page::<TenantId>()?;
    let tenants = call.run(move |context| list_tenants(context, &filter, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &tenants,
        |tenant| tenant.id,
        |tenant| tenant.name.uniqueness_key(),
        |tenant| TenantResponse::from(tenant),
    )))
}

fn filter_of(call: &ManagementCall) -> Result<TenantFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let state = errors.one_of("state", query.value("state"), &STATES);
    let (search, state) = errors.finish(search.zip(state))?;
    Ok(TenantFilter { search, state })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: TenantId = call.path_id("id")?;
    let tenant = call.run(move |context| find_tenant(context, id)).await?;
    Ok(answer::record(tenant.version, &TenantResponse::from(&tenant)))
}
