//! `POST /resources`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::resource::{Audience, LimitsClaims};
use turnkeep_protocol::management::resource::{CreateResourceRequest, ResourceResponse};
use turnkeep_service::registry::create_resource::{CreateResourceCommand, create_resource};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Creates a resource.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: CreateResourceRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, request);
    let command = errors.finish(command)?;
    let resource = call.run(move |context| create_resource(context, &command)).await?;
    let location = call.url(&format!("resources/{}", resource.id));
    Ok(answer::created(location, Some(resource.version), &ResourceResponse::from(&resource)))
}

/// What a request says, as far as it is right.
pub(crate) fn command_of(
    errors: &mut FieldErrors,
    request: CreateResourceRequest,
) -> Option<CreateResourceCommand> {
    let audience = errors.check("audience", Audience::parse(&request.audience));
    let name = errors.check("name", DisplayName::parse(&request.name));
    let algorithm = errors.check_optional("signing_alg", request.signing_alg, |text| text.parse());
    Some(CreateResourceCommand {
        audience: audience?,
        name: name?,
        limits_claims: request.limits_claims.map(LimitsClaims::from).unwrap_or_default(),
        signing_algorithm: algorithm?.unwrap_or_default(),
    })
}
