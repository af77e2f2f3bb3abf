//! `GET /operators`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{Search, UserFilter};
use turnkeep_domain::id::UserId;
use turnkeep_service::people::manage_operators::list_operators;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;
use crate::management::operators::show;
use crate::management::users::STATES;

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let page = query.page::<UserId>()?;
    let operators = call.run(move |context| list_operators(context, &filter, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &operators,
        |operator| operator.user.id,
        |operator| operator.user.name.to_string(),
        show,
    )))
}

fn filter_of(call: &ManagementCall) -> Result<UserFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let state = errors.one_of("user_state", query.value("user_state"), &STATES);
    let (search, state) = errors.finish(search.zip(state))?;
    Ok(UserFilter { search, kind: None, state })
}
