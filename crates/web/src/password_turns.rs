//! Turns at hashing passwords of people. A hash takes a fifth of a second on one of very few threads: whoever waits for one
//! waits here, where it costs neither a thread nor a place among the use cases that run.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::time::timeout;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use turnkeep_service::authority::{Authority, HashingLimits};
use turnkeep_service::sign_in::password_hash::Standing;
use turnkeep_service::sign_in::password_turn::password_turn_limits;

/// How long anybody waits: about twice as long as the last one does on a machine that is well.
const PATIENCE: Duration = Duration::from_secs(10);

/// The turns of those who are known, and of all others.
pub(crate) struct PasswordTurns {
    strangers: Queue,
    known: Queue,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub(crate) struct TakenTurn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

struct Queue {
    /// For those who wait and those who have a turn.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl PasswordTurns {
    /// As many as the authority hashes passwords at once, and as many that wait as may wait there.
    pub(crate) fn of(authority: &Authority) -> Self {
        let queue = |standing| Queue::new(password_turn_limits(authority, standing), PATIENCE);
        Self { strangers: queue(Standing::Stranger), known: queue(Standing::Known) }
    }

    /// Waits for a turn; `None` at once where too many wait already, and for who has waited too long.
    pub(crate) async fn take(&self, standing: Standing) -> Option<TakenTurn> {
        match standing {
            Standing::Stranger => self.strangers.take().await,
            Standing::Known => self.known.take().await,
        }
    }
}

impl Queue {
    fn new(limits: HashingLimits, patience: Duration) -> Self {
        let HashingLimits { at_once, waiting } = limits;
        let semaphore = |permits: usize| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)));
        // Where nothing is hashed, the authority says so.
        let at_once = at_once.max(1);
        Self { places: semaphore(at_once.saturating_add(waiting)), turns: semaphore(at_once), patience }
    }

    async fn take(&self) -> Option<TakenTurn> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let turn = timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await.ok()?.ok()?;
        Some(TakenTurn { _turn: turn, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::poll_immediate;

    use super::*;

    fn queue(at_once: usize, waiting: usize) -> Queue {
        Queue::new(HashingLimits { at_once, waiting }, PATIENCE)
    }

    #[actix_web::test]
    async fn so_many_have_a_turn_so_many_wait_and_the_next_is_refused_at_once() {
        let queue = queue(2, 1);
        let first = queue.take().await.unwrap();
        let _second = queue.take().await.unwrap();
        let mut third = Box::pin(queue.take());
        assert!(poll_immediate(&mut third).await.is_none(), "it waits");
        assert!(queue.take().now_or_never().unwrap().is_none());
        drop(first);
        let third = third.now_or_never().unwrap();
        assert!(third.is_some());
        assert!(poll_immediate(queue.take()).await.is_none(), "its place is free again");
    }

    #[actix_web::test]
    async fn who_goes_away_leaves_its_place_to_the_next() {
        let queue = queue(1, 1);
        let first = queue.take().await.unwrap();
        for _ in 0..3 {
            assert!(queue.take().now_or_never().is_none(), "it waits until it goes away");
        }
        drop(first);
        assert!(queue.take().now_or_never().unwrap().is_some());
    }

    #[actix_web::test]
    async fn nobody_waits_for_ever() {
        let queue = Queue::new(HashingLimits { at_once: 1, waiting: 1 }, Duration::ZERO);
        let first = queue.take().await.unwrap();
        assert!(queue.take().await.is_none());
        drop(first);
        assert!(queue.take().await.is_some());
    }

    #[actix_web::test]
    async fn who_is_known_does_not_wait_behind_strangers() {
        let turns = PasswordTurns { strangers: queue(1, 0), known: queue(1, 0) };
        let _stranger = turns.take(Standing::Stranger).await.unwrap();
        assert!(turns.take(Standing::Stranger).await.is_none());
        let _known = turns.take(Standing::Known).await.unwrap();
        assert!(turns.take(Standing::Known).await.is_none());
    }

    #[actix_web::test]
    async fn limits_of_any_size_make_queues() {
        assert!(queue(0, 0).take().await.is_some(), "the authority refuses then");
        assert!(queue(usize::MAX, usize::MAX).take().await.is_some());
    }
}
