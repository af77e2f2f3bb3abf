//! `POST /users/{id}/sign-out`.

use actix_web::HttpResponse;
use turnkeep_domain::id::UserId;
use turnkeep_protocol::management::user::SignedOutResponse;
use turnkeep_service::sign_in::end_sessions::end_sessions_of_user;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Signs a person out of everything.
pub(super) async fn sign_out(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let user_id: UserId = call.path_id("id")?;
    let ended = call.run(move |context| end_sessions_of_user(context, user_id)).await?;
    let response = SignedOutResponse { sessions_ended: ended.sessions, grants_revoked: ended.grants };
    Ok(answer::view(&response))
}
