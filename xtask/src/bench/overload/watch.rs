//! How much memory a server has at most while something else runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::anyhow;

use super::super::running_server::RunningServer;

const PAUSE: Duration = Duration::from_millis(50);

/// The most resident bytes that were seen, beside what `work` returns.
pub(super) fn most_memory<T>(
    server: &RunningServer,
    work: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<(T, u64)> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| -> anyhow::Result<u64> {
            let mut most = 0;
            while !over.load(Ordering::Relaxed) {
                most = most.max(server.resident_bytes()?);
                thread::sleep(PAUSE);
            }
            Ok(most)
        });
        let result = work();
        over.store(true, Ordering::Relaxed);
        let most = watcher.join().map_err(|_| anyhow!("nobody could watch the memory"))??;
        Ok((result?, most))
    })
}
