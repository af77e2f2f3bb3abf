//! `POST /plans/{id}/retire`.

use actix_web::HttpResponse;
use turnkeep_domain::id::PlanId;
use turnkeep_policy::decide_plan_retirement::AppFate;
use turnkeep_protocol::management::plan::{
    AffectedAppResponse, AppFateName, PlanResponse, PlanRetirementResponse, RetirePlanRequest,
};
use turnkeep_service::registry::retire_plan::{RetiredApp, foresee_retirement, retire_plan};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Retires a plan, or says what that would do.
pub(crate) async fn retire(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: PlanId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: RetirePlanRequest = call.json_or_default().await?;
    let mut errors = FieldErrors::default();
    let successor = request.successor_plan_id.as_ref();
    let successor = errors.check_optional("successor_plan_id", successor, |text| text.parse());
    let (successor, dry_run) = (errors.finish(successor)?, request.dry_run);
    let retirement = call
        .run(move |context| {
            if dry_run {
                foresee_retirement(context, id, successor, usize::MAX)
            } else {
                retire_plan(context, id, successor, if_match)
            }
        })
        .await?;
    let response = PlanRetirementResponse {
        plan: PlanResponse::from(&retirement.plan),
        dry_run,
        moves: retirement.fates.move_on,
        stops: retirement.fates.stop,
        affected_apps: retirement.affected.iter().map(show).collect(),
    };
    Ok(answer::record(retirement.plan.version, &response))
}

fn show(affected: &RetiredApp) -> AffectedAppResponse {
    AffectedAppResponse {
        app_id: affected.app_id.to_string(),
        app_name: affected.name.to_string(),
        client_id: affected.client_id.to_string(),
        tenant_id: affected.tenant_id.to_string(),
        tenant_name: affected.tenant_name.to_string(),
        fate: fate_name(affected.fate),
    }
}

const fn fate_name(fate: AppFate) -> AppFateName {
    match fate {
        AppFate::Stops => AppFateName::Stops,
        AppFate::Moves(_) => AppFateName::Moves,
        AppFate::FreePlanTaken => AppFateName::FreePlanTaken,
    }
}
