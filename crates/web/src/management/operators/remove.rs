//! `DELETE /operators/{user_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::UserId;
use turnkeep_service::people::manage_operators::remove_operator;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Takes it away.
pub(crate) async fn remove(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let user_id: UserId = call.path_id("user_id")?;
    call.run(move |context| remove_operator(context, user_id)).await?;
    Ok(answer::done())
}
