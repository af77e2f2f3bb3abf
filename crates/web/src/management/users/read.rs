//! `GET /users`, `GET /users/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::UserId;
use turnkeep_protocol::management::user::UserResponse;
use turnkeep_service::registry::manage_user::{find_user, list_users};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;

/// A page of them.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let query = ListQuery::<UserId>::take(&mut call.query()?)?;
    let users = call.run(move |context| list_users(context, query.page())).await?;
    Ok(answer::view(&query.answer(users, |user| user.id, |user| UserResponse::from(user))))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: UserId = call.path_id("id")?;
    let user = call.run(move |context| find_user(context, id)).await?;
    Ok(answer::record(user.version, &UserResponse::from(&user)))
}
