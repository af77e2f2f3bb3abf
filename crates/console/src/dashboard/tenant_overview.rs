//! The first page of a tenant: how it is, what to do next, and where to go on.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::gauge::Gauge;
use crate::parts::live_update::LiveUpdate;
use crate::parts::moment::Moment;
use crate::parts::row_chart::RowChart;
use crate::parts::usage_table::UsageTable;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/tenant_overview.html")]
pub struct TenantOverviewPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The name of the tenant.
    pub name: String,
    /// How it is: `active`.
    pub state: String,
    /// Whether its apps get tokens.
    pub is_active: bool,
    /// Since when it is so.
    pub state_since: Moment,
    /// What stands in the way, or what there is to do first.
    pub next_step: Option<NextStep>,
    /// Apps against the limit.
    pub apps: Gauge,
    /// Where to go on.
    pub links: Vec<QuickLink>,
    /// The sums of Document Units, the shortest window first.
    pub windows: Vec<Gauge>,
    /// The apps that come to their limits first.
    pub usage: UsageTable,
    /// Why requests were refused.
    pub refusals: RowChart,
    /// How the page stays up to date.
    pub live: LiveUpdate,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// What it is called.
    pub heading: &'static str,
    /// A sentence or two.
    pub text: &'static str,
    /// Where it is done.
    pub link: Option<QuickLink>,
}

/// A link to another page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickLink {
    /// Its id.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Its path.
    pub path: String,
}
