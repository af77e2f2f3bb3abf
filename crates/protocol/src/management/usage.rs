//! Usage in Document Units (seed 000 §4): reports, and what is shown of them.

use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::management::texts;

/// A report of a resource server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportUsageRequest {
    /// What apps have used.
    #[cfg_attr(feature = "openapi", schemars(length(min = 1, max = 1_000)))]
    pub events: Vec<UsageEventFields>,
}

/// Something that an app has used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageEventFields {
    /// Unique among the events of the reporter. What is sent again with the same id counts once.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UsageEventIdText"))]
    pub id: String,
    /// The app.
    pub app_id: String,
    /// Document Units.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UsedUnitsNumber"))]
    pub units: u64,
    /// When; now, if it is absent. At most 7 days ago.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub occurred_at: Option<String>,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ReportUsageResponse {
    /// How many events count from now on.
    pub counted: u32,
    /// How many had been reported before, and count no more than they did.
    pub duplicates: u32,
    /// Those that do not count. Reporting them again changes nothing.
    pub refused: Vec<RefusedEventResponse>,
    /// The usage of each app with an event that counts, now or before.
    pub apps: Vec<UsageResponse>,
}

/// An event that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RefusedEventResponse {
    /// Its id.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UsageEventIdText"))]
    pub id: String,
    /// Why.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UsageRefusalText"))]
    pub code: String,
}

/// What an app has used in the present windows, and what of its limits that is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UsageResponse {
    /// The app.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppIdText"))]
    pub app_id: String,
    /// The code of its plan; `null` without one.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SlugText>"))]
    pub plan: Option<String>,
    /// The worst of all windows; `null` if nothing is limited.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::UsageStatusText>"))]
    pub status: Option<String>,
    /// The window that comes to its limit first; `null` if nothing is limited.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::UsageWindowText>"))]
    pub binding_window: Option<String>,
    /// Hour, day, week and month.
    pub windows: Vec<UsageWindowResponse>,
    /// Past windows in which the app used anything, the oldest first; only if they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<PastUsageResponse>>,
}

/// What an app has used in one window of the calendar, in UTC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UsageWindowResponse {
    /// The kind of window.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UsageWindowText"))]
    pub window: String,
    /// Document Units used so far.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DocumentUnitsNumber"))]
    pub used: u64,
    /// Document Units allowed; `null` is unlimited.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DocumentUnitsNumber>"))]
    pub limit: Option<u64>,
    /// What of the limit is used, rounded down to a tenth; can be more than 100.
    pub percent: Option<f64>,
    /// `healthy` below 75 %, `warning` below 90 %, else `critical`.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::UsageStatusText>"))]
    pub status: Option<String>,
    /// When the window began.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub starts_at: String,
    /// When the next begins, at zero.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub resets_at: String,
}

/// What an app used in a past window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PastUsageResponse {
    /// When the window began.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub starts_at: String,
    /// Document Units used in it.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DocumentUnitsNumber"))]
    pub used: u64,
}

/// What the apps of a tenant have used in the present windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TenantUsageResponse {
    /// The tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub tenant_id: String,
    /// The sums of all its apps, those that were deleted included.
    pub windows: Vec<UsedInWindowResponse>,
    /// How many apps used anything in these windows.
    pub apps_with_usage: usize,
    /// Those apps, nearest to a limit first, at most 200.
    pub apps: Vec<AppUsageSummaryResponse>,
}

/// What was used in one window of the calendar, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UsedInWindowResponse {
    /// The kind of window.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UsageWindowText"))]
    pub window: String,
    /// Document Units used so far.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DocumentUnitsNumber"))]
    pub used: u64,
    /// When the window began.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub starts_at: String,
    /// When the next begins, at zero.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub resets_at: String,
}

/// The usage of an app in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AppUsageSummaryResponse {
    /// The app.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppIdText"))]
    pub app_id: String,
    /// Its name; `null` if it was deleted.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DisplayNameText>"))]
    pub name: Option<String>,
    /// The code of its plan; `null` without one.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SlugText>"))]
    pub plan: Option<String>,
    /// The worst of all windows; `null` if nothing is limited.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::UsageStatusText>"))]
    pub status: Option<String>,
    /// The window that comes to its limit first; `null` if nothing is limited.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::UsageWindowText>"))]
    pub binding_window: Option<String>,
    /// What of the limit of that window is used.
    pub percent: Option<f64>,
    /// Document Units used this month.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DocumentUnitsNumber"))]
    pub used_this_month: u64,
}
