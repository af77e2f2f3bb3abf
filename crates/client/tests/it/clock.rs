//! Time that passes when a test says so. Between the jumps the clock runs: a paused one would jump to the next
//! timeout as soon as a runtime waits for a connection.

use std::time::Duration;

/// Lets so many seconds pass at once. For runtimes of one thread.
pub(crate) async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}
