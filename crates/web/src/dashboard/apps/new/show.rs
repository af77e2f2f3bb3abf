//! `GET /dashboard/tenants/{tenant}/apps/new`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::judge_new_app::judge_new_app;

use super::form_page::{form_page, refusal_page};
use super::typed::Typed;
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::form_errors::FormErrors;

/// The empty form, unless the tenant gets no further app anyway.
pub(crate) async fn show_new_app(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let tenant_id = dashboard.tenant()?.id;
    let judge = move |context: &RegistryContext<'_>| judge_new_app(context, tenant_id, None);
    match dashboard.act(judge).await? {
        Ok(()) => {
            form_page(&dashboard, &Typed::default(), &FormErrors::default(), None, StatusCode::OK).await
        }
        Err(denial) => refusal_page(&dashboard, &denial),
    }
}
