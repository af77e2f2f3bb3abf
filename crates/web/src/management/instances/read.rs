//! `GET /instances`, `GET /instances/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::Instance;
use turnkeep_service::registry::manage_instance::{find_instance, list_instances};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::instances::show;
use crate::management::list_query::ListQuery;

/// All of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::of(&call)?;
    let instances = call.run(list_instances).await?;
    let show = |instance: &Instance| show(&call, instance);
    Ok(answer::view(&query.answer_of_all(
        &call,
        instances,
        |instance| instance.id,
        |instance| instance.slug.to_string(),
        show,
    )))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: InstanceId = call.path_id("id")?;
    let instance = call.run(move |context| find_instance(context, id)).await?;
    Ok(answer::record(instance.version, &show(&call, &instance)))
}
