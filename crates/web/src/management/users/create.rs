//! `POST /users`.

use actix_web::HttpResponse;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::user::UserName;
use turnkeep_protocol::management::user::{CreateUserRequest, UserResponse};
use turnkeep_service::registry::manage_user::{CreateUserCommand, create_user};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;

/// Creates a user.
pub(crate) async fn create(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: CreateUserRequest = call.json().await?;
    let mut errors = FieldErrors::default();
    let command = command_of(&mut errors, request);
    let command = errors.finish(command)?;
    let user = call.run(move |context| create_user(context, &command)).await?;
    let location = call.url(&format!("users/{}", user.id));
    Ok(answer::created(location, Some(user.version), &UserResponse::from(&user)))
}

/// What a request says, as far as it is right.
pub(crate) fn command_of(errors: &mut FieldErrors, request: CreateUserRequest) -> Option<CreateUserCommand> {
    let name = errors.check("name", UserName::parse(&request.name));
    let display_name = errors.check("display_name", DisplayName::parse(&request.display_name));
    let email = errors.check_optional("email", request.email, |text| EmailAddress::parse(&text));
    Some(CreateUserCommand {
        kind: request.kind.into(),
        name: name?,
        display_name: display_name?,
        email: email?,
    })
}
