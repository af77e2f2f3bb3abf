//! `GET /resources/{id}/servers`, `PUT` and `DELETE /resources/{id}/servers/{app_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{AppId, ResourceId};
use turnkeep_protocol::management::resource::ResourceServerResponse;
use turnkeep_service::registry::manage_resource::{
    add_resource_server, list_resource_servers, remove_resource_server,
};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;

/// The apps that may introspect any token for a resource.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: ResourceId = call.path_id("id")?;
    let query = ListQuery::of(&call)?;
    let mut errors = FieldErrors::default();
    let wanted = errors.check_optional("app_id", call.query().value("app_id"), str::parse::<AppId>);
    let wanted = errors.finish(wanted)?;
    let apps = call.run(move |context| list_resource_servers(context, id)).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        apps,
        |app_id| wanted.is_none_or(|wanted| wanted == *app_id),
        |app_id| *app_id,
        ToString::to_string,
        |app_id| show(id, *app_id),
    )))
}

/// Makes an app one of them.
pub(crate) async fn add(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (id, app_id): (ResourceId, AppId) = (call.path_id("id")?, call.path_id("app_id")?);
    call.run(move |context| add_resource_server(context, id, app_id)).await?;
    Ok(answer::view(&show(id, app_id)))
}

/// Takes that back.
pub(crate) async fn remove(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (id, app_id): (ResourceId, AppId) = (call.path_id("id")?, call.path_id("app_id")?);
    call.run(move |context| remove_resource_server(context, id, app_id)).await?;
    Ok(answer::done())
}

fn show(id: ResourceId, app_id: AppId) -> ResourceServerResponse {
    ResourceServerResponse { resource_id: id.to_string(), app_id: app_id.to_string() }
}
