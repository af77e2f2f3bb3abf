//! `GET /operators`.

use actix_web::HttpResponse;
use turnkeep_domain::id::UserId;
use turnkeep_service::people::manage_operators::list_operators;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;
use crate::management::operators::show;

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::of(&call)?;
    let page = query.page::<UserId>()?;
    let operators = call.run(move |context| list_operators(context, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &operators,
        |operator| operator.user.id,
        |operator| operator.user.name.to_string(),
        show,
    )))
}
