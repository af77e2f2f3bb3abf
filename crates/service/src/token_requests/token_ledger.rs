//! The counts of all apps in memory, and how they get to the database and back: the counts of limited apps at every
//! round of bookkeeping, so that nodes know within seconds what the others have issued, all others once a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use turnkeep_domain::app::App;
use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::token_counts::{CountedApp, RefusalCount, TokenCount, TokenTotals};

use crate::authority::Authority;
use crate::token_requests::app_tokens::AppTokens;

/// How often the counts of apps without a quota are written.
const ALL_WRITTEN_EVERY: Duration = Duration::from_secs(60);

/// How many apps' counts one transaction writes, so that nobody waits long for it.
const APPS_AT_ONCE: usize = 500;

/// Which counts are to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// What is due.
    Due,
    /// Everything, since there will be no other time.
    All,
}

/// The counts of the apps that are in memory, or have something to be written.
#[derive(Debug, Default)]
pub(crate) struct TokenLedger {
    apps: Mutex<HashMap<AppId, Arc<AppTokens>>>,
    /// When everything was last written, in time since boot.
    all_written_at: Mutex<Option<Duration>>,
}

/// An app whose counts are on their way to the database.
struct Drained {
    tokens: Arc<AppTokens>,
    counts: Vec<TokenCount>,
    refusals: Vec<RefusalCount>,
    /// The hour of which somebody has to know what is stored.
    wants_totals: Option<Timestamp>,
}

impl TokenLedger {
    /// Whose tokens an app's are; the same for as long as anybody holds it, however often the app is read again.
    pub(crate) fn of(&self, app: &App) -> Arc<AppTokens> {
        let new = || {
            let app = CountedApp { instance_id: app.instance_id, tenant_id: app.tenant_id, app_id: app.id };
            Arc::new(AppTokens::new(app))
        };
        Arc::clone(self.lock().entry(app.id).or_insert_with(new))
    }

    /// Reads what is stored about an app that is in memory.
    pub(crate) fn load(&self, authority: &Authority, app_id: AppId) -> StoreResult<()> {
        let tokens = self.lock().get(&app_id).map(Arc::clone);
        tokens.map_or(Ok(()), |tokens| load_totals(authority, &tokens))
    }

    /// Writes what is to be written, and learns what other nodes have issued. What could not be written is kept for the
    /// next time.
    pub(crate) fn write_to(&self, authority: &Authority, wanted: Wanted) -> StoreResult<()> {
        let all = self.is_time_for_all(authority.clock.since_boot()) || wanted == Wanted::All;
        let due: Vec<Arc<AppTokens>> = self
            .lock()
            .values()
            .filter(|tokens| if all { tokens.is_dirty() } else { tokens.is_urgent() })
            .map(Arc::clone)
            .collect();
        for some in due.chunks(APPS_AT_ONCE) {
            write_some(authority, some)?;
        }
        drop(due);
        // Whoever is no longer in memory is read anew when it comes back.
        self.lock().retain(|_, tokens| 1 < Arc::strong_count(tokens) || tokens.is_dirty());
        Ok(())
    }

    /// How many apps' tokens are counted in memory.
    pub(crate) fn count_apps(&self) -> usize {
        self.lock().len()
    }

    fn is_time_for_all(&self, since_boot: Duration) -> bool {
        let mut last = self.all_written_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = last.is_none_or(|last| ALL_WRITTEN_EVERY <= since_boot.saturating_sub(last));
        if is_time {
            *last = Some(since_boot);
        }
        is_time
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AppId, Arc<AppTokens>>> {
        self.apps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads what is stored about an app, for its present hour.
pub(crate) fn load_totals(authority: &Authority, tokens: &AppTokens) -> StoreResult<()> {
    let Some(hour_start) = tokens.hour_start() else { return Ok(()) };
    let totals = authority.store.read(|reads| reads.find_token_totals(&tokens.app, hour_start))?;
    tokens.settle(hour_start, totals);
    Ok(())
}

fn write_some(authority: &Authority, some: &[Arc<AppTokens>]) -> StoreResult<()> {
    let drained: Vec<Drained> = some
        .iter()
        .map(|tokens| Drained {
            tokens: Arc::clone(tokens),
            counts: tokens.drain(),
            refusals: tokens.drain_refusals(),
            wants_totals: tokens.hour_start().filter(|_| tokens.is_limited()),
        })
        .collect();
    let counts: Vec<TokenCount> = drained.iter().flat_map(|drained| &drained.counts).copied().collect();
    let refusals: Vec<RefusalCount> = drained.iter().flat_map(|drained| &drained.refusals).copied().collect();
    let written = authority.store.keep_books(|books| {
        books.add_token_counts(&counts)?;
        books.add_refusal_counts(&refusals)?;
        drained
            .iter()
            .map(|drained| match drained.wants_totals {
                Some(hour_start) => Ok(Some(books.find_token_totals(&drained.tokens.app, hour_start)?)),
                None => Ok(None),
            })
            .collect::<StoreResult<Vec<Option<TokenTotals>>>>()
    });
    match written {
        Ok(totals) => {
            for (drained, totals) in drained.iter().zip(totals) {
                if let Some((hour_start, totals)) = drained.wants_totals.zip(totals) {
                    drained.tokens.settle(hour_start, totals);
                }
            }
            Ok(())
        }
        Err(error) => {
            for Drained { tokens, counts, refusals, .. } in drained {
                tokens.restore(counts);
                tokens.restore_refusals(refusals);
            }
            Err(error)
        }
    }
}
