//! `?history=&from=&to=`: which past windows are wanted.

use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_protocol::rfc3339::parse_rfc3339;
use turnkeep_service::usage::show_usage::UsageHistory;

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::query_parameter::{QueryParameter, Values, one_of};

/// What can be asked for.
pub(super) const PARAMETERS: [QueryParameter; 3] = [
    one_of(
        "history",
        "Past windows of this kind too, at most 1,000: those in which the app used anything.",
        &["hour", "day", "week", "month"],
    ),
    QueryParameter {
        name: "from",
        description: "Only past windows that start then or later. If absent: 2 days back for hours, 31 for days, \
                      91 for weeks, 366 for months.",
        values: Values::Time,
    },
    QueryParameter {
        name: "to",
        description: "Only windows that start before. If absent, the present one is the last.",
        values: Values::Time,
    },
];

/// The past windows that a call wants.
pub(super) fn history_of(call: &ManagementCall) -> Result<Option<UsageHistory>, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let window = UsageWindow::ALL.map(|window| (window.as_str(), window));
    let window = errors.one_of("history", query.value("history"), &window);
    let from = errors.check_optional("from", query.value("from"), parse_rfc3339);
    let to = errors.check_optional("to", query.value("to"), parse_rfc3339);
    let ((window, from), to) = errors.finish(window.zip(from).zip(to))?;
    Ok(window.map(|window| UsageHistory { window, from, to }))
}
