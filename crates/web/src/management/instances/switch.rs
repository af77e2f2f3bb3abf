//! `POST /instances/{id}/enable`, `POST /instances/{id}/disable`.

use actix_web::HttpResponse;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::InstanceState;
use turnkeep_service::registry::manage_instance::switch_instance;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::instances::show;

/// Lets it answer again.
pub(crate) async fn enable(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    switch(call, InstanceState::Active).await
}

/// Makes it as good as absent.
pub(crate) async fn disable(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    switch(call, InstanceState::Disabled).await
}

async fn switch(call: ManagementCall, state: InstanceState) -> Result<HttpResponse, ApiError> {
    let id: InstanceId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let instance = call.run(move |context| switch_instance(context, id, state, if_match)).await?;
    Ok(answer::record(instance.version, &show(&call, &instance)))
}
