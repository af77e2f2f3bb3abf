//! `GET /regions`, `GET /regions/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{RegionFilter, Search};
use turnkeep_domain::id::RegionId;
use turnkeep_protocol::management::region::RegionResponse;
use turnkeep_service::registry::manage_region::{find_region, list_regions};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;
use crate::management::regions::STATES;

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let regions = call.run(list_regions).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        regions,
        |region| filter.wants(region),
        |region| region.id,
        |region| region.code.to_string(),
        |region| RegionResponse::from(region),
    )))
}

fn filter_of(call: &ManagementCall) -> Result<RegionFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let availability = errors.one_of("state", query.value("state"), &STATES);
    let (search, availability) = errors.finish(search.zip(availability))?;
    Ok(RegionFilter { search, availability })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: RegionId = call.path_id("id")?;
    let region = call.run(move |context| find_region(context, id)).await?;
    Ok(answer::record(region.version, &RegionResponse::from(&region)))
}
