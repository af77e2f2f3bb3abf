//! `GET /apps`, `GET /apps/{id}`.

use actix_web::HttpResponse;
use turnkeep_domain::id::AppId;
use turnkeep_service::registry::find_app::{find_app, list_apps};

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::apps::filter::filter_of;
use crate::management::apps::show::show_view;
use crate::management::call::ManagementCall;
use crate::management::list_query::ListQuery;

/// A page of those of one tenant, or for operators of all.
pub(crate) async fn list(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let (query, filter) = (ListQuery::of(&call)?, filter_of(&call)?);
    let tenant_id = call.queried_tenant()?;
    let page = query.page::<AppId>()?;
    let apps = call.run(move |context| list_apps(context, tenant_id, &filter, &page)).await?;
    Ok(answer::view(&query.answer(
        &call,
        &apps,
        |view| view.app.id,
        |view| view.app.settings.name.uniqueness_key(),
        show_view,
    )))
}

/// One.
pub(crate) async fn find(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let id: AppId = call.path_id("id")?;
    let view = call.run(move |context| find_app(context, id)).await?;
    Ok(answer::record(view.app.version, &show_view(&view)))
}
