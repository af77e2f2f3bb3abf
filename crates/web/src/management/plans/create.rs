//! `POST /plans`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::slug::Slug;
use turnkeep_protocol::management::plan::{CreatePlanRequest, PlanResponse};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::plans::{limits_of, token_requests_of};

/// Creates a plan, as a draft.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: CreatePlanRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, request);
    let command = errors.finish(command)?;
    let plan = call.run(move |context| create_plan(context, &command)).await?;
    let location = call.url(&format!("plans/{}", plan.id));
    Ok(answer::created(location, Some(plan.version), &PlanResponse::from(&plan)))
}

/// What a request says, as far as it is right.
pub(crate) fn command_of(errors: &mut FieldErrors, request: CreatePlanRequest) -> Option<CreatePlanCommand> {
    let price = if request.free { PlanPrice::Free } else { PlanPrice::Paid };
    let code = errors.check("code", Slug::parse(&request.code));
    let name = errors.check("name", DisplayName::parse(&request.name));
    let limits = limits_of(errors, request.limits);
    let token_requests = token_requests_of(errors, request.token_requests);
    Some(CreatePlanCommand {
        code: code?,
        name: name?,
        price,
        limits: limits?,
        token_requests: token_requests?,
    })
}
