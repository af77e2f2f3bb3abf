//! `PATCH /instances/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::InstanceId;
use turnkeep_protocol::management::instance::UpdateInstanceRequest;
use turnkeep_service::registry::manage_instance::{InstanceChanges, update_instance};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::{FieldErrors, accept};
use crate::management::instances::show;

/// Changes an instance's name and the colour of its pages.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: InstanceId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdateInstanceRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    let accent = errors.check_clearable("accent", request.accent, Accent::default(), accept);
    let (name, accent) = errors.finish(name.zip(accent))?;
    let changes = InstanceChanges { name, accent };
    let instance = call.run(move |context| update_instance(context, id, &changes, if_match)).await?;
    Ok(answer::record(instance.version, &show(&call, &instance)))
}
