//! `GET …/audit/export`: what is looked for as JSON lines, the same as the management API sends.

use actix_web::HttpResponse;
use turnkeep_service::audit::export_trail::begin_export;

use super::scope::TrailScope;
use super::typed::TypedFilter;
use crate::account::error_page::PageError;
use crate::account::page::insert_page_headers;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::management::audit::export::export_answer;

/// Begins to send the events. Only the form makes a filter, so that a wrong one is a wrong address.
pub(crate) async fn export_audit(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let scope = TrailScope::of(&dashboard)?;
    let typed = TypedFilter::taken_from(&mut dashboard.query()?);
    let filter = typed.filter(scope.tenant_id()).map_err(|_| PageError::MalformedRequest)?;
    let export = dashboard.read(move |context| begin_export(context, &filter)).await?;
    let page = &dashboard.person.page;
    let mut answer = export_answer(page.state.clone(), page.context.request_id, export);
    insert_page_headers(answer.headers_mut(), page.state.authority.base_url(), None);
    Ok(answer)
}
