//! Which usage is forgotten, and when. Months are kept for good: they are what is paid for.

use std::time::Duration;

use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::decide_usage_event::REMEMBERED;
use turnkeep_storage::bookkeeping::Bookkeeping;
use turnkeep_storage::error::StoreResult;

const DAY: u64 = 86_400;

/// How long the sum of a window is kept, counted from its start.
const fn kept(window: UsageWindow) -> Option<Duration> {
    match window {
        UsageWindow::Hour => Some(Duration::from_secs(62 * DAY)),
        UsageWindow::Day | UsageWindow::Week => Some(Duration::from_secs(400 * DAY)),
        UsageWindow::Month => None,
    }
}

/// Removes what is old enough.
pub(crate) fn purge_usage<B: Bookkeeping + ?Sized>(books: &mut B, now: Timestamp) -> StoreResult<()> {
    books.purge_usage_events(now.minus(REMEMBERED))?;
    for window in UsageWindow::ALL {
        if let Some(kept) = kept(window) {
            books.purge_usage_counts(window, now.minus(kept))?;
        }
    }
    Ok(())
}
