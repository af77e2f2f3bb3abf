//! `GET …/audit/{event}`: one event, with what changed and what proves it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::entry::AuditEntry;
use turnkeep_console::dashboard::audit::{AuditEventPage, RelatedPaths};
use turnkeep_console::render::Render;
use turnkeep_domain::id::AuditEventId;
use turnkeep_service::audit::list_events::find_audit_event;

use super::scope::TrailScope;
use super::typed::TypedFilter;
use crate::account::error_page::PageError;
use crate::dashboard::audit_items::audit_items;
use crate::dashboard::dashboard_request::DashboardRequest;

/// The event. On the pages of a tenant there are only those that concern it, for operators too.
pub(crate) async fn show_event(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let scope = TrailScope::of(&dashboard)?;
    let id: AuditEventId = dashboard.path_id("event")?;
    let event = dashboard.read(move |context| find_audit_event(context, id)).await?;
    if scope.tenant_id().is_some() && event.entry.tenant_id != scope.tenant_id() {
        return Err(PageError::NotFound);
    }
    let items = audit_items(&dashboard, std::slice::from_ref(&event)).await?;
    let item = items.into_iter().next().ok_or(PageError::NotFound)?;
    let ChainedEntry { entry, hash, previous_hash } = &event;
    let is_elsewhere = entry.tenant_id.filter(|_| scope.tenant_id().is_none());
    let page = AuditEventPage {
        chrome: scope.chrome_of_event(),
        item,
        id: entry.id.to_string(),
        tenant: is_elsewhere.map(|id| id.to_string()),
        hash: hash.to_string(),
        previous_hash: previous_hash.to_string(),
        is_genuine: event.has_its_hash(dashboard.acting.instance.id),
        related: related(&scope, entry),
    };
    dashboard.page(StatusCode::OK, page.render())
}

fn related(scope: &TrailScope<'_>, entry: &AuditEntry) -> RelatedPaths {
    let path = |name, text: &str| TypedFilter::only(name, text).on(&scope.path(""), None);
    RelatedPaths {
        actor: path("actor", &entry.actor),
        object: entry.object.as_deref().map(|object| path("object", object)),
        request: entry.request_id.map(|id| path("request_id", &id.to_string())),
        action: path("action", &entry.action),
    }
}
