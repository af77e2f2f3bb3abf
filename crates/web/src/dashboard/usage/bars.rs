//! Past windows as bars, those in which nothing happened included.

use std::collections::HashMap;
use std::time::Duration;

use turnkeep_console::parts::bar_chart::{Bar, BarChart};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_protocol::rfc3339::format_utc;
use turnkeep_service::token_requests::token_history::TokenHour;
use turnkeep_service::usage::show_usage::PastWindow;

use super::HOURS_SHOWN;

const UNITS: &str = "Document Units";

/// Document Units in past windows and the present one, which `now` lies in, against the limit of one.
pub(crate) fn units_chart(
    window: UsageWindow,
    now: Timestamp,
    past: &[PastWindow],
    limit: Option<u64>,
) -> BarChart {
    let amounts = past.iter().map(|past| (past.starts_at, past.units)).collect();
    BarChart {
        id: format!("units-by-{window}").into(),
        title: format!("{UNITS} per {window}"),
        label_heading: heading(window).into(),
        amount_heading: UNITS.into(),
        bars: bars(window, now, shown(window), &amounts),
        limit,
    }
}

/// Tokens in past hours and the present one.
pub(crate) fn tokens_chart(now: Timestamp, hours: &[TokenHour]) -> BarChart {
    let amounts = hours.iter().map(|hour| (hour.hour_start, hour.issued)).collect();
    BarChart {
        id: "tokens-by-hour".into(),
        title: "Tokens issued per hour".to_owned(),
        label_heading: heading(UsageWindow::Hour).into(),
        amount_heading: "Tokens".into(),
        bars: bars(UsageWindow::Hour, now, usize::try_from(HOURS_SHOWN).unwrap_or(usize::MAX), &amounts),
        limit: None,
    }
}

/// As many as a history has that does not say how far it goes back.
const fn shown(window: UsageWindow) -> usize {
    match window {
        UsageWindow::Hour => 48,
        UsageWindow::Day => 31,
        UsageWindow::Week => 13,
        UsageWindow::Month => 12,
    }
}

const fn heading(window: UsageWindow) -> &'static str {
    match window {
        UsageWindow::Hour => "Hour (UTC)",
        UsageWindow::Day => "Day (UTC)",
        UsageWindow::Week => "Week from (UTC)",
        UsageWindow::Month => "Month (UTC)",
    }
}

fn bars(window: UsageWindow, now: Timestamp, count: usize, amounts: &HashMap<Timestamp, u64>) -> Vec<Bar> {
    let before = |starts_at: &Timestamp| Some(start(window, starts_at.minus(Duration::from_secs(1))));
    let starts = std::iter::successors(Some(start(window, now)), before).take(count);
    let mut bars: Vec<Bar> = starts
        .map(|at| Bar { label: label(window, at), amount: amounts.get(&at).copied().unwrap_or(0) })
        .collect();
    bars.reverse();
    bars
}

fn start(window: UsageWindow, at: Timestamp) -> Timestamp {
    window.span_at(at).starts_at
}

/// No longer than it takes to tell windows apart: `2026-11-22 09:00`, `2026-11-22`, `2026-11`.
fn label(window: UsageWindow, starts_at: Timestamp) -> String {
    let length = match window {
        UsageWindow::Hour => 16,
        UsageWindow::Day | UsageWindow::Week => 10,
        UsageWindow::Month => 7,
    };
    let text: String = format_utc(starts_at).chars().take(length).collect();
    text.replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_without_anything_have_a_bar_as_well() {
        // 2026-03-01 00:30.
        let now = Timestamp::from_secs(1_772_325_000);
        let past = |secs, units| PastWindow { starts_at: Timestamp::from_secs(secs), units };
        for (window, last_two, count) in [
            (UsageWindow::Hour, ["2026-02-28 23:00", "2026-03-01 00:00"], 48),
            (UsageWindow::Day, ["2026-02-28", "2026-03-01"], 31),
            (UsageWindow::Week, ["2026-02-16", "2026-02-23"], 13),
            (UsageWindow::Month, ["2026-02", "2026-03"], 12),
        ] {
            let present = past(window.span_at(now).starts_at.as_secs(), 7);
            let chart = units_chart(window, now, &[past(5, 9), present], None);
            assert_eq!(chart.bars.len(), count, "{window}");
            let last: Vec<_> = chart.bars.iter().rev().take(2).collect();
            assert_eq!([last[1].label.as_str(), last[0].label.as_str()], last_two);
            assert_eq!((last[1].amount, last[0].amount), (0, 7), "{window}");
        }
    }
}
