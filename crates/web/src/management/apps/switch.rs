//! `POST /apps/{id}/enable`, `POST /apps/{id}/disable`.

use actix_web::HttpResponse;
use turnkeep_domain::app::AppState;
use turnkeep_domain::id::AppId;
use turnkeep_service::registry::switch_app::switch_app;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::apps::show::show_view;
use crate::management::call::ManagementCall;

/// Puts it in use again.
pub(crate) async fn enable(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    switch(call, AppState::Enabled).await
}

/// Stops it, with every token it has.
pub(crate) async fn disable(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    switch(call, AppState::Disabled).await
}

async fn switch(call: ManagementCall, state: AppState) -> Result<HttpResponse, ApiError> {
    let id: AppId = call.path_id("id")?;
    let if_match = call.if_match()?;
    let view = call.run(move |context| switch_app(context, id, state, if_match)).await?;
    Ok(answer::record(view.app.version, &show_view(&view)))
}
