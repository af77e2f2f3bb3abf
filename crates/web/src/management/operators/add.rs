//! `PUT /operators/{user_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::UserId;
use turnkeep_service::people::manage_operators::add_operator;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::operators::show;

/// Makes a person one.
pub(crate) async fn add(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let user_id: UserId = call.path_id("user_id")?;
    let operator = call.run(move |context| add_operator(context, user_id)).await?;
    Ok(answer::view(&show(&operator)))
}
