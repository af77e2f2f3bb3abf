//! `GET /plans`, `GET /plans/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::PlanId;
use turnkeep_protocol::management::plan::PlanResponse;
use turnkeep_service::registry::manage_plan::{find_plan, list_plans};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;

/// Those that the caller may see.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::of(&call)?;
    let plans = call.run(list_plans).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        plans,
        |plan| plan.id,
        |plan| plan.code.to_string(),
        |plan| PlanResponse::from(plan),
    )))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: PlanId = call.path_id("id")?;
    let plan = call.run(move |context| find_plan(context, id)).await?;
    Ok(answer::record(plan.version, &PlanResponse::from(&plan)))
}
