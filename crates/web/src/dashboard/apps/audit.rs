//! `GET …/apps/{app}/audit`: what was done to an app, and what was refused.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::app_audit::AppAuditPage;
use turnkeep_console::parts::audit_table::AuditTable;
use turnkeep_console::render::Render;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_service::audit::list_events::list_audit_events;

use super::app_page::{AppPage, AppTab};
use crate::account::error_page::PageError;
use crate::dashboard::audit_items::audit_items;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::listing::{LOOKED_FOR, cut, next_path};

/// The newest first.
pub(crate) async fn show_app_audit(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    let dashboard = &page.dashboard;
    let after: Option<u64> = dashboard.query()?.take("after").and_then(|position| position.parse().ok());
    let filter = AuditFilter {
        tenant_id: Some(page.tenant.id),
        object: Some(page.app().id.to_string()),
        ..AuditFilter::default()
    };
    let part = AuditPage { after, direction: Direction::Descending, limit: LOOKED_FOR };
    let mut events = dashboard.read(move |context| list_audit_events(context, &filter, part)).await?;
    let next_path = cut(&mut events).map(|last| next_path(&page.path("/audit"), &[], &last.entry.position));
    let view = AppAuditPage {
        chrome: page.chrome(),
        head: page.head(AppTab::Audit),
        table: AuditTable {
            label: "What happened to this app".to_owned(),
            has_objects: false,
            events: audit_items(dashboard, &events).await?,
        },
        next_path,
        tenant_audit_path: dashboard.paths().tenant(page.tenant.id, "/audit"),
    };
    dashboard.page(StatusCode::OK, view.render())
}
