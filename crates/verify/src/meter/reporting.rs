//! Reports what was taken, again and again until the authority has counted it. Only then a segment goes; whatever
//! happens in between, the same events are reported again under the same ids.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use turnkeep_domain::id::AppId;

use super::app_counts::KnownUse;
use super::books::{Books, Due};
use super::known_use::KnownUses;
use super::segment;
use super::settings::MeterSettings;
use super::status::ReportError;
use super::usage_endpoint::{ReportFailure, UsageEndpoint};
use crate::gate::backoff;

/// The longest that an authority may ask to be left alone for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(10);

/// However often usage is to be reported.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// One failed report is not worth a line.
const LOGGED_AFTER: u32 = 3;

/// Takes usage from the books to the authority.
pub(super) struct Reporting {
    pub(super) books: Arc<Books>,
    pub(super) endpoint: UsageEndpoint,
    pub(super) settings: MeterSettings,
    pub(super) folder: PathBuf,
    pub(super) known: Arc<Mutex<KnownUses>>,
    /// One round at a time: what one has sent and not heard of is sent again by the next.
    pub(super) round: tokio::sync::Mutex<()>,
    pub(super) wake: Notify,
}

impl Reporting {
    /// Reports for as long as it is polled.
    pub(super) async fn go_on(self: Arc<Self>) {
        let mut all_reported = Instant::now();
        loop {
            // Either way it is time.
            let every = self.settings.report_every.max(SHORTEST_WAIT);
            let _ = tokio::time::timeout(every, self.wake.notified()).await;
            let due = if self.settings.report_refused_every <= all_reported.elapsed() {
                Due::All
            } else {
                Due::New
            };
            if due == Due::All {
                all_reported = Instant::now();
            }
            while let Err(failure) = self.report(due).await {
                let usual =
                    backoff::delay(self.books.failures(), self.settings.longest_wait, backoff::chance());
                tokio::time::sleep(wait(usual, failure.retry_after)).await;
            }
        }
    }

    /// Reports everything that is due now.
    pub(super) async fn report(&self, due: Due) -> Result<(), ReportFailure> {
        let _round = self.round.lock().await;
        let reported = self.round(due).await;
        match reported {
            Ok(()) if LOGGED_AFTER <= self.books.succeeded() => tracing::info!("usage can be reported again"),
            Ok(()) => {}
            Err(ReportFailure { error, .. }) => {
                let failures = self.books.failed(error);
                if failures == LOGGED_AFTER {
                    tracing::warn!(%error, "usage cannot be reported");
                }
            }
        }
        reported
    }

    async fn round(&self, due: Due) -> Result<(), ReportFailure> {
        self.sum_up(due).await?;
        loop {
            // Each of them is settled or left for later by an answer, so there is an end.
            let events = self.books.due();
            if events.is_empty() {
                break;
            }
            let answer = self.endpoint.report(&events).await?;
            let known = self.books.settle(&events, &answer, self.settings.clock.now());
            self.clear_away(known).await?;
        }
        // Some may hold nothing at all.
        if self.books.settled_segments().is_empty() {
            Ok(())
        } else {
            Ok(self.clear_away(Vec::new()).await?)
        }
    }

    /// Closes segments, and finds out what they come to.
    async fn sum_up(&self, due: Due) -> Result<(), ReportError> {
        let (report_every, now) = (self.settings.report_every, self.settings.clock.now());
        for name in self.books.close_segments(due, report_every, now) {
            let folder = self.folder.clone();
            let summed = blocking(move || segment::close(&folder, &name)).await?;
            self.books.summed(name, &summed);
        }
        Ok(())
    }

    /// Writes down what the authority said, then removes the segments that it has counted: the other way round, a
    /// restart in between would forget what was used.
    async fn clear_away(&self, said: Vec<(AppId, [KnownUse; 4])>) -> Result<(), ReportError> {
        let (books, known, folder) = (Arc::clone(&self.books), Arc::clone(&self.known), self.folder.clone());
        blocking(move || {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.must_be_rewritten() {
                known.rewrite(&books.known())?;
            } else {
                known.add(&said)?;
            }
            for name in books.settled_segments() {
                std::fs::remove_file(folder.join(name.to_string()))?;
                books.forget(name);
            }
            Ok(())
        })
        .await
    }
}

/// As long as usual, or as the authority asks for, within reason.
fn wait(usual: Duration, asked_for: Option<Duration>) -> Duration {
    usual.max(asked_for.unwrap_or_default().min(LONGEST_RETRY_AFTER))
}

/// Work on files, on a thread that may wait for them.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, ReportError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the usage journal cannot be read or written");
            Err(ReportError::Journal)
        }
        // The runtime is being shut down.
        Err(_) => Err(ReportError::Journal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_that_asks_for_time_gets_it() {
        for (usual, asked_for, expected) in
            [(1, None, 1), (1, Some(0), 1), (1, Some(30), 30), (45, Some(30), 45), (1, Some(u64::MAX), 600)]
        {
            let waited = wait(Duration::from_secs(usual), asked_for.map(Duration::from_secs));
            assert_eq!(waited, Duration::from_secs(expected), "{usual} {asked_for:?}");
        }
    }
}
