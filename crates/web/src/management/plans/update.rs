//! `PATCH /plans/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_protocol::management::plan::{PlanLimitsFields, PlanResponse, UpdatePlanRequest};
use turnkeep_protocol::patch::Patch;
use turnkeep_service::registry::manage_plan::{PlanChanges, update_plan};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::plans::{limits_of, token_requests_of};

/// Changes a plan; new limits show in the next token.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: PlanId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdatePlanRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let changes = changes_of(&mut errors, request);
    let changes = errors.finish(changes)?;
    let plan = call.run(move |context| update_plan(context, id, &changes, if_match)).await?;
    Ok(answer::record(plan.version, &PlanResponse::from(&plan)))
}

/// What a request says, as far as it is right.
pub(crate) fn changes_of(errors: &mut FieldErrors, request: UpdatePlanRequest) -> Option<PlanChanges> {
    let name = errors.check_patch("name", request.name, |text| DisplayName::parse(&text));
    let limits = match request.limits {
        Patch::Absent => Some(None),
        Patch::Clear => limits_of(errors, PlanLimitsFields::default()).map(Some),
        Patch::Set(limits) => limits_of(errors, limits).map(Some),
    };
    let token_requests = match request.token_requests {
        Patch::Absent => Some(None),
        Patch::Clear => Some(Some(TokenRequestLimits::default())),
        Patch::Set(fields) => token_requests_of(errors, fields).map(Some),
    };
    Some(PlanChanges { name: name?, limits: limits?, token_requests: token_requests? })
}
