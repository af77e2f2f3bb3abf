//! `GET /resources`, `GET /resources/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::ResourceId;
use turnkeep_protocol::management::resource::ResourceResponse;
use turnkeep_service::registry::manage_resource::{find_resource, list_resources};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;

/// All of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::of(&call)?;
    let resources = call.run(list_resources).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        resources,
        |resource| resource.id,
        |resource| resource.audience.to_string(),
        |resource| ResourceResponse::from(resource),
    )))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: ResourceId = call.path_id("id")?;
    let resource = call.run(move |context| find_resource(context, id)).await?;
    Ok(answer::record(resource.version, &ResourceResponse::from(&resource)))
}
