//! What was done to an app, and what was refused, the newest first.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::audit_table::AuditTable;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/app_audit.html")]
pub struct AppAuditPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// The events of this page.
    pub table: AuditTable,
    /// The path of the next page.
    pub next_path: Option<String>,
    /// The path of the audit of the whole tenant.
    pub tenant_audit_path: String,
}
