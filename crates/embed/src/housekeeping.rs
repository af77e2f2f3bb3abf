//! What has to happen now and then while an authority serves: notes, keys, expiring secrets, old events.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use turnkeep_service::audit::prune_trail::prune_expired;
use turnkeep_service::authority::Authority;
use turnkeep_service::keys::rotate_keys::rotate_due_keys;
use turnkeep_service::registry::look_after_secrets::look_after_secrets;

/// How often notes are written to the database.
const BOOKKEEPING: Duration = Duration::from_secs(2);
/// After so many rounds of bookkeeping, signing keys are looked at: every minute.
const ROUNDS_PER_KEY_CHECK: u32 = 30;
/// After so many rounds, secrets that are about to expire are looked at: every hour, and soon after the start.
const ROUNDS_PER_SECRET_CHECK: u32 = 1_800;
/// After so many rounds, old events leave the audit trails if they are not to be kept: every day, since each time
/// leaves a segment, and soon after the start.
const ROUNDS_PER_PRUNING: u32 = 43_200;

/// A thread for what has to happen now and then.
pub(crate) struct Housekeeping {
    stop: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Housekeeping {
    pub(crate) fn start(authority: Arc<Authority>, audit_retention: Option<Duration>) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut round = 0_u32;
            while stopped.recv_timeout(BOOKKEEPING) == Err(mpsc::RecvTimeoutError::Timeout) {
                round = round.wrapping_add(1);
                if let Err(fault) = authority.keep_books() {
                    tracing::warn!(error = %fault, given_up = authority.notes_given_up(), "notes could not be written");
                }
                if round.is_multiple_of(ROUNDS_PER_KEY_CHECK)
                    && let Err(fault) = rotate_due_keys(&authority)
                {
                    tracing::error!(error = %fault, "signing keys could not be rotated");
                }
                if round % ROUNDS_PER_SECRET_CHECK == 1 {
                    look_after(&authority);
                }
                if let Some(keep) = audit_retention
                    && round % ROUNDS_PER_PRUNING == 1
                {
                    prune(&authority, keep);
                }
            }
        });
        Self { stop, thread }
    }

    pub(crate) fn stop(self) {
        drop(self.stop);
        // A panic there has been reported by the thread itself.
        let _ = self.thread.join();
    }
}

fn look_after(authority: &Authority) {
    match look_after_secrets(authority) {
        Ok(done) if done.warned == 0 => {}
        Ok(done) => tracing::warn!(secrets = done.warned, "client secrets expire soon: see the audit trail"),
        Err(fault) => tracing::warn!(error = %fault, "expiring secrets could not be looked at"),
    }
}

fn prune(authority: &Authority, keep: Duration) {
    match prune_expired(authority, keep) {
        Ok(0) => {}
        Ok(events) => tracing::info!(events, "old events left the audit trails"),
        Err(fault) => tracing::warn!(error = %fault, "the audit trails could not be pruned"),
    }
}
