//! `GET …/audit`: the trail of a tenant, or of the whole instance for operators, the newest first.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_audit::chain::ChainedEntry;
use turnkeep_console::dashboard::audit::{AuditPage as AuditView, AuditRow};
use turnkeep_console::render::Render;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_service::audit::glance_at_chain::{ChainGlance, glance_at_chain};
use turnkeep_service::audit::list_events::list_audit_events;
use turnkeep_service::registry::context::RegistryContext;

use super::chain_line::chain_line;
use super::scope::TrailScope;
use super::typed::TypedFilter;
use crate::account::error_page::PageError;
use crate::dashboard::audit_items::audit_items;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::form_errors::FormErrors;
use crate::dashboard::listing::{LOOKED_FOR, cut};

/// The events that are looked for; none if it cannot be told which.
pub(crate) async fn show_audit(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let (scope, mut query) = (TrailScope::of(&dashboard)?, dashboard.query()?);
    let typed = TypedFilter::taken_from(&mut query);
    let after = query.take("after").and_then(|position| position.parse().ok());
    let (filter, errors, status) = match typed.filter(scope.tenant_id()) {
        Ok(filter) => (Some(filter), FormErrors::default(), StatusCode::OK),
        Err(errors) => (None, errors.into(), StatusCode::UNPROCESSABLE_ENTITY),
    };
    let (glance, mut events) = read(&dashboard, filter, after).await?;
    let last = cut(&mut events).map(|last| last.entry.position);
    let items = audit_items(&dashboard, &events).await?.into_iter();
    let rows = items
        .zip(&events)
        .map(|(item, event)| AuditRow { item, path: scope.path(&format!("/{}", event.entry.id)) });
    let page = AuditView {
        chrome: scope.chrome(),
        title: scope.title(),
        chain: chain_line(&glance),
        filter: typed.form(&errors),
        export_path: typed.on(&scope.path("/export"), None),
        path: scope.path(""),
        events: rows.collect(),
        next_path: last.map(|position| typed.on(&scope.path(""), Some(position))),
    };
    dashboard.page(status, page.render())
}

async fn read(
    dashboard: &DashboardRequest,
    filter: Option<AuditFilter>,
    after: Option<u64>,
) -> Result<(ChainGlance, Vec<ChainedEntry>), PageError> {
    let page = AuditPage { after, direction: Direction::Descending, limit: LOOKED_FOR };
    let read = move |context: &RegistryContext<'_>| {
        let glance = glance_at_chain(context)?;
        let events = match filter {
            Some(filter) => list_audit_events(context, &filter, page)?,
            None => Vec::new(),
        };
        Ok((glance, events))
    };
    dashboard.read(read).await
}
