//! `GET /resources`, `GET /resources/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{ResourceFilter, Search};
use turnkeep_domain::id::ResourceId;
use turnkeep_protocol::management::resource::ResourceResponse;
use turnkeep_service::registry::manage_resource::{find_resource, list_resources};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let resources = call.run(list_resources).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        resources,
        |resource| filter.wants(resource),
        |resource| resource.id,
        |resource| resource.audience.to_string(),
        |resource| ResourceResponse::from(resource),
    )))
}

fn filter_of(call: &ManagementCall) -> Result<ResourceFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let algorithm = errors.check_optional("signing_alg", query.value("signing_alg"), str::parse);
    let (search, signing_algorithm) = errors.finish(search.zip(algorithm))?;
    Ok(ResourceFilter { search, signing_algorithm })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: ResourceId = call.path_id("id")?;
    let resource = call.run(move |context| find_resource(context, id)).await?;
    Ok(answer::record(resource.version, &ResourceResponse::from(&resource)))
}
