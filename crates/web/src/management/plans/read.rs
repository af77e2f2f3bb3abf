//! `GET /plans`, `GET /plans/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{PlanFilter, Search};
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_protocol::management::plan::PlanResponse;
use turnkeep_service::registry::manage_plan::{find_plan, list_plans};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;
use crate::management::plans::STATES;

/// Those that the caller may see.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let plans = call.run(list_plans).await?;
    Ok(answer::view(&query.answer_of_all(
        &call,
        plans,
        |plan| filter.wants(plan),
        |plan| plan.id,
        |plan| plan.code.to_string(),
        |plan| PlanResponse::from(plan),
    )))
}

fn filter_of(call: &ManagementCall) -> Result<PlanFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let state = errors.one_of("state", query.value("state"), &STATES);
    let price =
        errors.one_of("free", query.value("free"), &[("true", PlanPrice::Free), ("false", PlanPrice::Paid)]);
    let ((search, state), price) = errors.finish(search.zip(state).zip(price))?;
    Ok(PlanFilter { search, state, price })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: PlanId = call.path_id("id")?;
    let plan = call.run(move |context| find_plan(context, id)).await?;
    Ok(answer::record(plan.version, &PlanResponse::from(&plan)))
}
