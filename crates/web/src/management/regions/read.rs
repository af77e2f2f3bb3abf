//! `GET /regions`, `GET /regions/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::RegionId;
use turnkeep_protocol::management::region::RegionResponse;
use turnkeep_service::registry::manage_region::{find_region, list_regions};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;

/// All of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::of(&call)?;
    let regions = call.run(list_regions).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        regions,
        |region| region.id,
        |region| region.code.to_string(),
        |region| RegionResponse::from(region),
    )))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: RegionId = call.path_id("id")?;
    let region = call.run(move |context| find_region(context, id)).await?;
    Ok(answer::record(region.version, &RegionResponse::from(&region)))
}
