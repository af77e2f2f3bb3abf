//! `/regions/{id}/databases`: list, create, show, change, `…/{database_id}/activate`, `…/deactivate`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{RegionDatabaseFilter, Search};
use turnkeep_domain::id::{RegionDatabaseId, RegionId};
use turnkeep_domain::region::{Availability, DbCode};
use turnkeep_protocol::management::region::{
    CreateRegionDatabaseRequest, RegionDatabaseResponse, UpdateRegionDatabaseRequest,
};
use turnkeep_service::registry::create_region::{CreateRegionDatabaseCommand, create_region_database};
use turnkeep_service::registry::manage_region::{
    RegionDatabaseChanges, find_region_database, list_region_databases, update_region_database,
};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::{FieldErrors, accept};
use crate::management::list_query::ListQuery;
use crate::management::regions::STATES;

/// Those of a region.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: RegionId = call.path_id("id")?;
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let databases = call.run(move |context| list_region_databases(context, id)).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        databases,
        |database| filter.wants(database),
        |database| database.id,
        |database| database.db_code.to_string(),
        |database| RegionDatabaseResponse::from(database),
    )))
}

fn filter_of(call: &ManagementCall) -> Result<RegionDatabaseFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let availability = errors.one_of("state", query.value("state"), &STATES);
    let (search, availability) = errors.finish(search.zip(availability))?;
    Ok(RegionDatabaseFilter { search, availability })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (region_id, id) = path_of(&call)?;
    let database = call.run(move |context| find_region_database(context, region_id, id)).await?;
    Ok(answer::record(database.version, &RegionDatabaseResponse::from(&database)))
}

/// Adds one to a region.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let region_id: RegionId = call.path_id("id")?;
    let request: CreateRegionDatabaseRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, region_id, &request);
    let command = errors.finish(command)?;
    let database = call.run(move |context| create_region_database(context, &command)).await?;
    let location = call.url(&format!("regions/{region_id}/databases/{}", database.id));
    Ok(answer::created(location, Some(database.version), &RegionDatabaseResponse::from(&database)))
}

/// What a request for a database of a region says, as far as it is right.
pub(crate) fn command_of(
    errors: &mut FieldErrors,
    region_id: RegionId,
    request: &CreateRegionDatabaseRequest,
) -> Option<CreateRegionDatabaseCommand> {
    let db_code = errors.check("db_code", DbCode::parse(&request.db_code));
    Some(CreateRegionDatabaseCommand { region_id, db_code: db_code?, capacity: request.capacity })
}

/// Changes its capacity.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    // The path and the precondition are looked at before the body.
    let (_, _) = (path_of(&call)?, call.if_match()?);
    let request: UpdateRegionDatabaseRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let capacity = errors.check_patch("capacity", request.capacity, accept);
    let capacity = errors.finish(capacity)?;
    apply(call, RegionDatabaseChanges { capacity, availability: None }).await
}

/// Lets it take new apps.
pub(crate) async fn activate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    apply(call, RegionDatabaseChanges { capacity: None, availability: Some(Availability::Active) }).await
}

/// Lets it take no new apps; those it has go on.
pub(crate) async fn deactivate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    apply(call, RegionDatabaseChanges { capacity: None, availability: Some(Availability::Inactive) }).await
}

async fn apply(call: ManagementCall, changes: RegionDatabaseChanges) -> Result<HttpResponse, ApiError> {
    let (region_id, id) = path_of(&call)?;
    let if_match = call.if_match()?;
    let database =
        call.run(move |context| update_region_database(context, region_id, id, &changes, if_match)).await?;
    Ok(answer::record(database.version, &RegionDatabaseResponse::from(&database)))
}

fn path_of(call: &ManagementCall) -> Result<(RegionId, RegionDatabaseId), ApiError> {
    Ok((call.path_id("id")?, call.path_id("database_id")?))
}
