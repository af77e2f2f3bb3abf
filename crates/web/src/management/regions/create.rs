//! `POST /regions`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::slug::Slug;
use turnkeep_protocol::management::region::{CreateRegionRequest, RegionResponse};
use turnkeep_service::registry::create_region::{CreateRegionCommand, create_region};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Creates a region.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: CreateRegionRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, &request);
    let command = errors.finish(command)?;
    let region = call.run(move |context| create_region(context, &command)).await?;
    let location = call.url(&format!("regions/{}", region.id));
    Ok(answer::created(location, Some(region.version), &RegionResponse::from(&region)))
}

/// What a request says, as far as it is right.
pub(crate) fn command_of(
    errors: &mut FieldErrors,
    request: &CreateRegionRequest,
) -> Option<CreateRegionCommand> {
    let code = errors.check("code", Slug::parse(&request.code));
    let name = errors.check("name", DisplayName::parse(&request.name));
    Some(CreateRegionCommand { code: code?, name: name? })
}
