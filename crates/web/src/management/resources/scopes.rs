//! `GET` and `POST /resources/{id}/scopes`, `DELETE /resources/{id}/scopes/{name}`.

use actix_web::HttpResponse;
use serde::Deserialize;
use turnkeep_domain::display_name::{DisplayName, DisplayNameError};
use turnkeep_domain::filter::{ScopeFilter, Search};
use turnkeep_domain::id::ResourceId;
use turnkeep_domain::page::Direction;
use turnkeep_domain::resource::ScopeGrant;
use turnkeep_domain::scope::ScopeName;
use turnkeep_protocol::management::resource::{CreateScopeRequest, ScopeResponse};
use turnkeep_service::registry::create_resource::{CreateScopeCommand, create_scope};
use turnkeep_service::registry::manage_resource::{delete_scope, list_scopes};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::{ListQuery, SortKey};

/// Those of a resource.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: ResourceId = call.path_id("id")?;
    let query = ListQuery::ordered(&call, (SortKey::Name, Direction::Ascending))?;
    let filter = filter_of(&call)?;
    let scopes = call.run(move |context| list_scopes(context, id)).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        scopes,
        |scope| filter.wants(scope),
        |scope| scope.name.clone(),
        |scope| scope.name.to_string(),
        |scope| ScopeResponse::from(scope),
    )))
}

fn filter_of(call: &ManagementCall) -> Result<ScopeFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let grant = errors.one_of(
        "grant",
        query.value("grant"),
        &[
            ("default", ScopeGrant::Default),
            ("any_app", ScopeGrant::AnyApp),
            ("reserved", ScopeGrant::Reserved),
        ],
    );
    let (search, grant) = errors.finish(search.zip(grant))?;
    Ok(ScopeFilter { search, grant })
}

/// Adds one to a resource.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let resource_id: ResourceId = call.path_id("id")?;
    let request: CreateScopeRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, resource_id, &request);
    let command = errors.finish(command)?;
    let scope = call.run(move |context| create_scope(context, &command)).await?;
    let location = call.url(&format!("resources/{resource_id}/scopes"));
    Ok(answer::created(location, None, &ScopeResponse::from(&scope)))
}

/// What a request for a scope of a resource says, as far as it is right.
pub(crate) fn command_of(
    errors: &mut FieldErrors,
    resource_id: ResourceId,
    request: &CreateScopeRequest,
) -> Option<CreateScopeCommand> {
    let name = errors.check("name", ScopeName::parse(&request.name));
    let description = errors.check("description", description_of(&request.description));
    let grant = request.grant.map_or(ScopeGrant::AnyApp, ScopeGrant::from);
    Some(CreateScopeCommand { resource_id, name: name?, description: description?, grant })
}

/// The path of one scope, as far as it is about the scope.
#[derive(Deserialize)]
struct ScopePath {
    name: String,
}

/// Takes one away.
pub(crate) async fn delete(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: ResourceId = call.path_id("id")?;
    let path: ScopePath = call.path_texts().await?;
    let name = ScopeName::parse(&path.name).map_err(|_| ApiError::NotFound)?;
    call.run(move |context| delete_scope(context, id, &name)).await?;
    Ok(answer::done())
}

/// Nothing, or a text under the rules of a display name.
fn description_of(text: &str) -> Result<String, DisplayNameError> {
    match DisplayName::parse(text) {
        Ok(text) => Ok(text.as_str().to_owned()),
        Err(DisplayNameError::Empty) => Ok(String::new()),
        Err(error @ (DisplayNameError::TooLong | DisplayNameError::ControlCharacter)) => Err(error),
    }
}
