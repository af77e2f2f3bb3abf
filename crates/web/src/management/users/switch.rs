//! `POST /users/{id}/enable`, `POST /users/{id}/disable`.

use actix_web::HttpResponse;
use turnkeep_domain::id::UserId;
use turnkeep_domain::user::UserState;
use turnkeep_protocol::management::user::UserResponse;
use turnkeep_service::registry::manage_user::switch_user;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Lets the user act again.
pub(crate) async fn enable(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    switch(call, UserState::Active).await
}

/// Stops the user, and every app that acts as it.
pub(crate) async fn disable(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    switch(call, UserState::Disabled).await
}

async fn switch(call: ManagementCall, state: UserState) -> Result<HttpResponse, ApiError> {
    let id: UserId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let user = call.run(move |context| switch_user(context, id, state, if_match)).await?;
    Ok(answer::record(user.version, &UserResponse::from(&user)))
}
