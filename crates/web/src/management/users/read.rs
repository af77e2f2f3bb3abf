//! `GET /users`, `GET /users/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::filter::{Search, UserFilter};
use turnkeep_domain::id::UserId;
use turnkeep_protocol::management::user::UserResponse;
use turnkeep_service::registry::manage_user::{find_user, list_users};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::list_query::ListQuery;
use crate::management::users::{KINDS, STATES};

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let page = query.page::<UserId>()?;
    let users = call.run(move |context| list_users(context, &filter, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &users,
        |user| user.id,
        |user| user.name.to_string(),
        |user| UserResponse::from(user),
    )))
}

fn filter_of(call: &ManagementCall) -> Result<UserFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let search = errors.check_optional("search", query.value("search"), Search::parse);
    let kind = errors.one_of("kind", query.value("kind"), &KINDS);
    let state = errors.one_of("state", query.value("state"), &STATES);
    let ((search, kind), state) = errors.finish(search.zip(kind).zip(state))?;
    Ok(UserFilter { search, kind, state })
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: UserId = call.path_id("id")?;
    let user = call.run(move |context| find_user(context, id)).await?;
    Ok(answer::record(user.version, &UserResponse::from(&user)))
}
