//! `DELETE /apps/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::AppId;
use turnkeep_service::registry::delete_app::delete_app;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Deletes an app for good.
pub(crate) async fn delete(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: AppId = call.path_id("id")?;
    let if_match = call.if_match()?;
    call.run(move |context| delete_app(context, id, if_match)).await?;
    Ok(answer::done())
}
