//! `DELETE /apps/{id}/reference-tokens/{token_id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::{AppId, ReferenceTokenId};
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Takes one back.
pub(super) async fn revoke(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (app_id, id): (AppId, ReferenceTokenId) = (call.path_id("id")?, call.path_id("token_id")?);
    call.run(move |context| revoke_reference_token(context, app_id, id)).await?;
    Ok(answer::done())
}
