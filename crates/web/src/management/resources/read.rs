//! `GET /resources`, `GET /resources/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::ResourceId;
use turnkeep_protocol::management::list::ListResponse;
use turnkeep_protocol::management::resource::ResourceResponse;
use turnkeep_service::registry::manage_resource::{find_resource, list_resources};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// All of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let resources = call.run(list_resources).await?;
    Ok(answer::view(&ListResponse::complete(resources.iter().map(ResourceResponse::from).collect())))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: ResourceId = call.path_id("id")?;
    let resource = call.run(move |context| find_resource(context, id)).await?;
    Ok(answer::record(resource.version, &ResourceResponse::from(&resource)))
}
