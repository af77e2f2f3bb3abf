//! What all apps of a tenant use together, and by app.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::bar_chart::BarChart;
use crate::parts::gauge::Gauge;
use crate::parts::live_update::LiveUpdate;
use crate::parts::row_chart::RowChart;
use crate::parts::usage_table::UsageTable;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/tenant_usage.html")]
pub struct TenantUsagePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The sums of the windows of now, the shortest first.
    pub windows: Vec<Gauge>,
    /// By app.
    pub apps: UsageTable,
    /// The sums of past windows.
    pub units: BarChart,
    /// Why requests were refused.
    pub refusals: RowChart,
    /// How the page stays up to date.
    pub live: LiveUpdate,
}
