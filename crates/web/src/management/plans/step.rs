//! `POST /plans/{id}/activate`, `…/archive`.

use actix_web::HttpResponse;
use turnkeep_domain::id::PlanId;
use turnkeep_protocol::management::plan::PlanResponse;
use turnkeep_service::registry::manage_plan::{PlanStep, step_plan};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Makes it assignable.
pub(crate) async fn activate(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    step(call, PlanStep::Activate).await
}

/// Ends new assignments.
pub(crate) async fn archive(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    step(call, PlanStep::Archive).await
}

async fn step(call: ManagementCall, step: PlanStep) -> Result<HttpResponse, ApiError> {
    let id: PlanId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let plan = call.run(move |context| step_plan(context, id, step, if_match)).await?;
    Ok(answer::record(plan.version, &PlanResponse::from(&plan)))
}
