//! What is forgotten, and what is kept for good.

use std::time::Duration;

use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_service::usage::show_usage::{UsageHistory, own_usage};

use super::{Metered, event};

#[test]
fn hours_go_first_then_days_and_weeks_and_months_never() {
    let metered = Metered::new();
    metered.report(&[event(&metered.app, "1", 1)]);
    let start = metered.world.authority.now().minus(Duration::from_secs(31 * 86_400));
    let left = || {
        UsageWindow::ALL.map(|window| {
            let wanted = UsageHistory { window, from: Some(start), to: None };
            let shown = own_usage(&metered.context_of(&metered.app), &[wanted]).unwrap();
            !shown.histories.concat().is_empty()
        })
    };
    for (days, expected) in [
        (62, [true, true, true, true]),
        (1, [false, true, true, true]),
        (335, [false, true, false, true]),
        (3, [false, false, false, true]),
        (10_000, [false, false, false, true]),
    ] {
        metered.world.advance(days * 86_400);
        metered.world.clock.0.pause(Duration::from_secs(61));
        metered.world.authority.keep_books().unwrap();
        assert_eq!(left(), expected, "{days} days later");
    }
}
