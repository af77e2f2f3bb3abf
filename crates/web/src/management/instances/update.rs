//! `PATCH /instances/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::InstanceId;
use turnkeep_protocol::management::instance::UpdateInstanceRequest;
use turnkeep_service::registry::manage_instance::{find_instance, rename_instance};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::instances::show;

/// Renames an instance.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: InstanceId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdateInstanceRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    let name = errors.finish(name)?;
    let instance = call
        .run(move |context| match name {
            Some(name) => rename_instance(context, id, &name, if_match),
            None => find_instance(context, id),
        })
        .await?;
    Ok(answer::record(instance.version, &show(&call, &instance)))
}
