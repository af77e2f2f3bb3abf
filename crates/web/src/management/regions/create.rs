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
    let code = errors.check("code", Slug::parse(&request.code));
    let name = errors.check("name", DisplayName::parse(&request.name));
    let command = errors.finish(code.zip(name).map(|(code, name)| CreateRegionCommand { code, name }))?;
    let region = call.run(move |context| create_region(context, &command)).await?;
    let location = call.url(&format!("regions/{}", region.id));
    Ok(answer::created(location, Some(region.version), &RegionResponse::from(&region)))
}
