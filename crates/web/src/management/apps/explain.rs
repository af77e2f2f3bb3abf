//! `GET /apps/{id}/explain`: why the app can or cannot get a token.

use actix_web::HttpResponse;
use turnkeep_domain::id::AppId;
use turnkeep_policy::decide_token::{Check, CheckState};
use turnkeep_protocol::management::explanation::{CheckResponse, CheckStateName, ExplanationResponse};
use turnkeep_service::registry::explain_app::{AppExplanation, explain_app};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Every check with its state.
pub(crate) async fn explain(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: AppId = call.path_id("id")?;
    let explanation = call.run(move |context| explain_app(context, id)).await?;
    Ok(answer::view(&show(&explanation)))
}

fn show(explanation: &AppExplanation) -> ExplanationResponse {
    let denied = explanation.checks.iter().any(|(_, state)| matches!(state, CheckState::Denied(_)));
    ExplanationResponse {
        token_possible: !denied && 0 < explanation.live_secrets,
        live_secrets: explanation.live_secrets,
        checks: explanation.checks.iter().map(|(check, state)| show_check(*check, *state)).collect(),
    }
}

fn show_check(check: Check, state: CheckState) -> CheckResponse {
    let (name, denial) = match state {
        CheckState::Passed => (CheckStateName::Passed, None),
        CheckState::Denied(denial) => (CheckStateName::Denied, Some(denial)),
        CheckState::NotChecked => (CheckStateName::NotChecked, None),
    };
    CheckResponse {
        check: name_of(check).to_owned(),
        state: name,
        code: denial.map(|denial| denial.code().to_owned()),
        message: denial.map(|denial| denial.to_string()),
    }
}

fn name_of(check: Check) -> &'static str {
    match check {
        Check::AppExists => "app_exists",
        Check::ClientAuthenticated => "client_authenticated",
        Check::AppEnabled => "app_enabled",
        Check::TenantActive => "tenant_active",
        Check::InstanceActive => "instance_active",
        Check::RegionStamped => "region_stamped",
        Check::DbCodeStamped => "db_code_stamped",
        Check::PlanNotRetired => "plan_not_retired",
        Check::PlanNotOnHold => "plan_not_on_hold",
        Check::ServiceAccess => "service_access",
        Check::ScopeAndAudience => "scope_and_audience",
    }
}
