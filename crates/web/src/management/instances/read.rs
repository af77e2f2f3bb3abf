//! `GET /instances`, `GET /instances/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{InstanceFilter, Search};
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_service::registry::manage_instance::{find_instance, list_instances};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::instances::show;
use crate::management::list_query::ListQuery;

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let instances = call.run(list_instances).await?;
    let show = |instance: &Instance| show(&call, instance);
    Ok(answer::view(&query.answer_of_all(
        &call,
        instances,
        |instance| filter.wants(instance),
        |instance| instance.id,
        |instance| instance.slug.to_string(),
        show,
    )))
}

fn filter_of(call: &ManagementCall) -> Result<InstanceFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let state = errors.one_of(
        "state",
        query.value("state"),
        &[("active", InstanceState::Active), ("disabled", InstanceState::Disabled)],
    );
    let (search, state) = errors.finish(search.zip(state))?;
    Ok(InstanceFilter { search, state })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: InstanceId = call.path_id("id")?;
    let instance = call.run(move |context| find_instance(context, id)).await?;
    Ok(answer::record(instance.version, &show(&call, &instance)))
}
