//! `PATCH /users/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::UserId;
use turnkeep_protocol::management::user::{UpdateUserRequest, UserResponse};
use turnkeep_service::people::rename_user::rename_user;
use turnkeep_service::registry::manage_user::find_user;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Changes the name that people see.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: UserId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdateUserRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let name = errors.check_patch("display_name", request.display_name, |text| DisplayName::parse(&text));
    let name = errors.finish(name)?;
    let user = call
        .run(move |context| match name {
            Some(name) => rename_user(context, id, &name, if_match),
            None => find_user(context, id),
        })
        .await?;
    Ok(answer::record(user.version, &UserResponse::from(&user)))
}
