//! `PATCH /regions/{id}`, `POST /regions/{id}/activate`, `…/deactivate`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::RegionId;
use turnkeep_domain::region::Availability;
use turnkeep_protocol::management::region::{RegionResponse, UpdateRegionRequest};
use turnkeep_service::registry::manage_region::{RegionChanges, update_region};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Renames a region.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    // The path and the precondition are looked at before the body.
    let (_, _) = (call.path_id::<RegionId>("id")?, call.if_match()?);
    let request: UpdateRegionRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let changes = changes_of(&mut errors, request);
    let changes = errors.finish(changes)?;
    apply(call, changes).await
}

/// What a request says, as far as it is right.
pub(crate) fn changes_of(errors: &mut FieldErrors, request: UpdateRegionRequest) -> Option<RegionChanges> {
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    Some(RegionChanges { name: name?, availability: None })
}

/// Lets it take new apps.
pub(crate) async fn activate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    apply(call, RegionChanges { availability: Some(Availability::Active), ..RegionChanges::default() }).await
}

/// Lets it take no new apps; those it has go on.
pub(crate) async fn deactivate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    apply(call, RegionChanges { availability: Some(Availability::Inactive), ..RegionChanges::default() })
        .await
}

async fn apply(call: ManagementCall, changes: RegionChanges) -> Result<HttpResponse, ApiError> {
    let id: RegionId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let region = call.run(move |context| update_region(context, id, &changes, if_match)).await?;
    Ok(answer::record(region.version, &RegionResponse::from(&region)))
}
