//! `PATCH /users/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::UserId;
use turnkeep_protocol::management::user::{UpdateUserRequest, UserResponse};
use turnkeep_service::people::update_user::{UserChanges, update_user};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Changes what is named.
pub(crate) async fn update(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: UserId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let request: UpdateUserRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let changes = changes_of(&mut errors, request);
    let changes = errors.finish(changes)?;
    let user = call.run(move |context| update_user(context, id, &changes, if_match)).await?;
    Ok(answer::record(user.version, &UserResponse::from(&user)))
}

/// What a request says, as far as it is right.
pub(crate) fn changes_of(errors: &mut FieldErrors, request: UpdateUserRequest) -> Option<UserChanges> {
    let name = errors.check_patch("display_name", request.display_name, |text| DisplayName::parse(&text));
    let email =
        errors.check_clearable("email", request.email, None, |text| EmailAddress::parse(&text).map(Some));
    Some(UserChanges { display_name: name?, email: email? })
}
