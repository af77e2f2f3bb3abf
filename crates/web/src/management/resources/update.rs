//! `PATCH /resources/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::ResourceId;
use turnkeep_protocol::management::resource::{ResourceResponse, UpdateResourceRequest};
use turnkeep_service::registry::manage_resource::{ResourceChanges, update_resource};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::{FieldErrors, accept};

/// Changes a resource; `null` sets what tokens are like to its default.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: ResourceId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdateResourceRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let changes = changes_of(&mut errors, request);
    let changes = errors.finish(changes)?;
    let resource = call.run(move |context| update_resource(context, id, &changes, if_match)).await?;
    Ok(answer::record(resource.version, &ResourceResponse::from(&resource)))
}

/// What a request says, as far as it is right.
pub(crate) fn changes_of(
    errors: &mut FieldErrors,
    request: UpdateResourceRequest,
) -> Option<ResourceChanges> {
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    let claims = errors.check_clearable("limits_claims", request.limits_claims, Default::default(), accept);
    let algorithm =
        errors.check_clearable("signing_alg", request.signing_alg, Default::default(), |text| text.parse());
    Some(ResourceChanges { name: name?, limits_claims: claims?, signing_algorithm: algorithm? })
}
