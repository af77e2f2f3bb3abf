//! `GET /apps/{id}/explain`: why the app can or cannot get a token.

use actix_web::HttpResponse;
use turnkeep_domain::id::AppId;
use turnkeep_service::registry::explain_app::explain_app;

use crate::error::api_error::ApiError;
use crate::explanation::show_explanation;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Every check with its state.
pub(crate) async fn explain(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: AppId = call.path_id("id")?;
    let explanation = call.run(move |context| explain_app(context, id)).await?;
    Ok(answer::view(&show_explanation(&explanation)))
}
