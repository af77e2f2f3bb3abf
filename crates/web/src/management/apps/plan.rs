//! `PUT` and `DELETE /apps/{id}/plan`, `POST …/plan/hold`, `POST …/plan/release`.

use actix_web::HttpResponse;
use turnkeep_domain::id::AppId;
use turnkeep_protocol::management::app::AssignPlanRequest;
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::apps::show::show_view;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Puts the app on a plan.
pub(crate) async fn assign(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: AssignPlanRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let plan_id = errors.check("plan_id", request.plan_id.parse());
    let plan_id = errors.finish(plan_id)?;
    change(call, PlanAction::Assign(plan_id)).await
}

/// Takes the app off its plan.
pub(crate) async fn remove(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    change(call, PlanAction::Remove).await
}

/// Stops the app until a payment arrives.
pub(crate) async fn hold(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    change(call, PlanAction::Hold).await
}

/// The payment arrived.
pub(crate) async fn release(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    change(call, PlanAction::Release).await
}

async fn change(call: ManagementCall, action: PlanAction) -> Result<HttpResponse, ApiError> {
    let id: AppId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let view = call.run(move |context| change_plan(context, id, action, if_match)).await?;
    Ok(answer::record(view.app.version, &show_view(&view)))
}
