//! What an app uses: Document Units against the limits of its plan, tokens, and refusals.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::bar_chart::BarChart;
use crate::parts::gauge::Gauge;
use crate::parts::live_update::LiveUpdate;
use crate::parts::row_chart::RowChart;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/app_usage.html")]
pub struct AppUsagePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// The code of the plan whose limits these are.
    pub plan: Option<String>,
    /// The windows of now, the shortest first.
    pub windows: Vec<Gauge>,
    /// Past windows.
    pub units: Vec<BarChart>,
    /// Tokens in past hours.
    pub tokens: BarChart,
    /// Why requests were refused.
    pub refusals: RowChart,
    /// How the page stays up to date.
    pub live: LiveUpdate,
}
