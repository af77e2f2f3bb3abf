//! How many requests are worked on at once: as many as begin without waiting long, and never more than a ceiling.
//!
//! What is over the limit is refused at once. It rises step by step while it is used up and nothing waits, and falls
//! by a share when everything waits (additive increase, multiplicative decrease): what has begun then ends in time,
//! which a long queue would see to that nothing does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::in_flight::{InFlightLimit, InFlightPermit};
use crate::resource::load::Load;

/// Between what the limit moves, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdaptiveLimitSettings {
    /// The limit never falls below.
    pub floor: usize,
    /// The limit never rises above; where it begins.
    pub ceiling: usize,
    /// If nothing began within this time in a whole round, there is a queue that does not go away.
    pub longest_wait: Duration,
}

impl AdaptiveLimitSettings {
    /// At most `ceiling`, at least a sixteenth of it, and 10 ms to wait: more than the hiccups of a machine that is
    /// well, and too little for anybody to notice.
    pub fn up_to(ceiling: usize) -> Self {
        let floor = (ceiling / 16).max(4).min(ceiling);
        Self { floor, ceiling, longest_wait: Duration::from_millis(10) }
    }
}

/// What was seen while about as many requests began as fit at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// The shortest wait. If even that was long, all were.
    pub least_wait: Duration,
    /// Whether all places were taken at some time.
    pub was_full: bool,
}

/// The limit after a round.
pub fn next_limit(limit: usize, round: Round, settings: &AdaptiveLimitSettings) -> usize {
    let next = if round.least_wait > settings.longest_wait {
        limit.saturating_mul(7) / 10
    } else if round.was_full {
        limit.saturating_add(limit.isqrt().max(1))
    } else {
        limit
    };
    next.max(settings.floor).min(settings.ceiling)
}

/// The limit. Clones share it.
#[derive(Debug, Clone)]
pub struct AdaptiveLimit(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: AdaptiveLimitSettings,
    places: InFlightLimit,
    was_full: AtomicBool,
    waits: Mutex<Waits>,
}

#[derive(Debug, Default)]
struct Waits {
    /// In this round.
    seen: usize,
    least: Option<Duration>,
    /// How many were let in under a limit that has fallen since, and say nothing about the new one.
    of_earlier_limit: usize,
    since_asked: Option<Duration>,
    asked_at: Option<Instant>,
    /// For how long all places have been taken and nothing began.
    stalled: Duration,
}

impl AdaptiveLimit {
    /// Begins at the ceiling.
    pub fn new(settings: AdaptiveLimitSettings) -> Self {
        Self(Arc::new(Shared {
            settings,
            places: InFlightLimit::new(settings.ceiling),
            was_full: AtomicBool::new(false),
            waits: Mutex::default(),
        }))
    }

    /// A place, if there is one.
    pub fn try_enter(&self) -> Option<InFlightPermit> {
        let entered = self.0.places.try_enter_watching();
        if entered.as_ref().is_none_or(|(_, is_last)| *is_last) {
            self.0.was_full.store(true, Ordering::Relaxed);
        }
        entered.map(|(permit, _)| permit)
    }

    /// How many are worked on right now. May be above a limit that has just fallen.
    pub fn in_flight(&self) -> usize {
        self.0.places.in_flight()
    }

    /// How many places there are right now.
    pub fn limit(&self) -> usize {
        self.0.places.limit()
    }

    /// Notes how long a request had its place before anybody began with it.
    pub fn observe_wait(&self, wait: Duration) {
        let mut waits = self.waits();
        waits.stalled = Duration::ZERO;
        waits.since_asked = Some(waits.since_asked.map_or(wait, |least| least.min(wait)));
        if waits.of_earlier_limit > 0 {
            waits.of_earlier_limit -= 1;
            return;
        }
        let least_wait = waits.least.map_or(wait, |least| least.min(wait));
        waits.least = Some(least_wait);
        waits.seen += 1;
        let limit = self.limit();
        // Of a handful, all may have been unlucky.
        if waits.seen < limit.max(8) {
            return;
        }
        let round = Round { least_wait, was_full: self.0.was_full.swap(false, Ordering::Relaxed) };
        let next = next_limit(limit, round, &self.0.settings);
        (waits.seen, waits.least) = (0, None);
        if next < limit {
            waits.of_earlier_limit = self.in_flight();
        }
        self.0.places.set_limit(next);
    }

    /// What it is like now, for the resource guard. To be asked by one only: the wait is the one since it was asked
    /// last.
    pub fn load(&self) -> Load {
        self.load_at(Instant::now())
    }

    fn load_at(&self, now: Instant) -> Load {
        let (in_flight, limit) = (self.in_flight(), self.limit());
        let mut waits = self.waits();
        let elapsed = waits.asked_at.replace(now).map_or(Duration::ZERO, |before| now.duration_since(before));
        let queue_delay = match waits.since_asked.take() {
            Some(least) => least,
            // Whoever has no place waits for somebody to end, and nobody does.
            None if in_flight >= limit && limit > 0 => {
                waits.stalled = waits.stalled.saturating_add(elapsed);
                waits.stalled
            }
            None => Duration::ZERO,
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Load { in_flight: count(in_flight), in_flight_limit: count(limit), queue_delay, turned_away: None }
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.0.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn limit(floor: usize, ceiling: usize) -> AdaptiveLimit {
        AdaptiveLimit::new(AdaptiveLimitSettings { floor, ceiling, longest_wait: 10 * MS })
    }

    #[test]
    fn a_place_is_free_again_once_its_permit_is_dropped() {
        let limit = limit(1, 2);
        let first = limit.try_enter().unwrap();
        let _second = limit.clone().try_enter().unwrap();
        assert!(limit.try_enter().is_none());
        assert_eq!(limit.in_flight(), 2);
        drop(first);
        assert!(limit.try_enter().is_some());
    }

    #[test]
    fn a_ceiling_of_nothing_lets_nobody_in() {
        let limit = AdaptiveLimit::new(AdaptiveLimitSettings::up_to(0));
        assert!(limit.try_enter().is_none());
        limit.observe_wait(MS);
        assert_eq!((limit.limit(), limit.load()), (0, Load { queue_delay: MS, ..Load::default() }));
    }

    #[test]
    fn threads_never_exceed_the_limit_together() {
        let limit = limit(3, 3);
        let entered: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..10).filter_map(|_| limit.try_enter()).collect::<Vec<_>>()))
                .collect();
            let permits: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            permits.iter().map(Vec::len).sum()
        });
        assert_eq!((entered, limit.in_flight()), (3, 0));
    }

    #[test]
    fn a_round_moves_the_limit_by_what_was_seen() {
        let settings = AdaptiveLimitSettings { floor: 10, ceiling: 110, longest_wait: 10 * MS };
        for (before, wait, was_full, after) in [
            (100, 0, false, 100),
            (100, 0, true, 110),
            (105, 0, true, 110),
            (100, 10, true, 110),
            (100, 11, true, 70),
            (100, 11, false, 70),
            (12, 500, true, 10),
            (10, 0, true, 13),
        ] {
            let round = Round { least_wait: wait * MS, was_full };
            assert_eq!(next_limit(before, round, &settings), after, "{before} {round:?}");
        }
    }

    #[test]
    fn one_that_waited_is_no_queue() {
        let limit = limit(1, 8);
        for _ in 0..100 {
            (0..7).for_each(|_| limit.observe_wait(1_000 * MS));
            limit.observe_wait(MS);
        }
        assert_eq!(limit.limit(), 8);
    }

    #[test]
    fn the_shortest_wait_since_the_last_question_is_told() {
        let limit = limit(1, 2);
        let at = |ms: u32| Instant::now() + ms * MS;
        limit.observe_wait(7 * MS);
        limit.observe_wait(3 * MS);
        assert_eq!(limit.load_at(at(0)), Load { in_flight_limit: 2, queue_delay: 3 * MS, ..Load::default() });
        assert_eq!(limit.load_at(at(1)).queue_delay, Duration::ZERO);
    }

    #[test]
    fn places_that_are_all_taken_while_nothing_begins_are_a_queue() {
        let limit = limit(1, 2);
        let start = Instant::now();
        let delay_at = |ms: u32| limit.load_at(start + ms * MS).queue_delay;
        assert_eq!(delay_at(0), Duration::ZERO);
        let permits = (limit.try_enter(), limit.try_enter());
        assert_eq!((delay_at(250), delay_at(500)), (250 * MS, 500 * MS));
        limit.observe_wait(2 * MS);
        assert_eq!((delay_at(750), delay_at(1_000)), (2 * MS, 250 * MS));
        drop(permits);
        assert_eq!(delay_at(1_250), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn the_limit_stays_between_floor_and_ceiling(
            floor in 0..50_usize, more in 0..500_usize,
            rounds in prop::collection::vec((0..30_u32, any::<bool>()), 1..200),
        ) {
            let settings = AdaptiveLimitSettings { floor, ceiling: floor + more, longest_wait: 10 * MS };
            let mut limit = settings.ceiling;
            for (wait, was_full) in rounds {
                limit = next_limit(limit, Round { least_wait: wait * MS, was_full }, &settings);
                prop_assert!((floor..=floor + more).contains(&limit));
            }
        }
    }

    /// A pool of workers that serve one request after the other, in steps of 100 µs.
    struct Pool {
        limit: AdaptiveLimit,
        workers: usize,
        service: u32,
        now: u32,
        waiting: VecDeque<(u32, InFlightPermit)>,
        running: Vec<(u32, InFlightPermit)>,
        waits: Vec<u32>,
        refused: usize,
        scattered: u32,
    }

    const TICKS_PER_SECOND: u32 = 10_000;
    /// No multiple of it is near another one.
    const SCATTER: u32 = 2_654_435_769;

    impl Pool {
        fn new(workers: usize, service: u32) -> Self {
            let limit = AdaptiveLimit::new(AdaptiveLimitSettings::up_to(256));
            let (waiting, running) = (VecDeque::new(), Vec::new());
            Self {
                limit,
                workers,
                service,
                now: 0,
                waiting,
                running,
                waits: Vec::new(),
                refused: 0,
                scattered: 0,
            }
        }

        /// Up to a whole time of service, so that workers do not end all at once.
        fn scatter(&mut self) -> u32 {
            self.scattered = self.scattered.wrapping_add(SCATTER);
            (self.scattered >> 8) % (self.service + 1)
        }

        /// Runs for some seconds under so many requests a second; returns how many began, their longest wait but
        /// for one in a hundred, and how many were refused.
        fn run(&mut self, seconds: u32, rate: u32) -> (usize, Duration, usize) {
            (self.waits, self.refused) = (Vec::new(), 0);
            let mut due = 0;
            for _ in 0..seconds * TICKS_PER_SECOND {
                self.now += 1;
                due += rate;
                while due >= TICKS_PER_SECOND {
                    due -= TICKS_PER_SECOND;
                    match self.limit.try_enter() {
                        Some(permit) => self.waiting.push_back((self.now, permit)),
                        None => self.refused += 1,
                    }
                }
                self.running.retain(|(end, _)| *end > self.now);
                while self.running.len() < self.workers
                    && let Some((since, permit)) = self.waiting.pop_front()
                {
                    let wait = self.now - since;
                    self.limit.observe_wait(wait * MS / 10);
                    self.waits.push(wait);
                    let service = self.service / 2 + self.scatter();
                    self.running.push((self.now + service, permit));
                }
            }
            self.waits.sort_unstable();
            let p99 = self.waits.get(self.waits.len() * 99 / 100).copied().unwrap_or(0);
            (self.waits.len(), p99 * MS / 10, self.refused)
        }
    }

    #[test]
    fn simulated_below_capacity_nothing_is_refused_and_the_limit_stays() {
        // Four workers at 2 ms each: 2,000 a second.
        let mut pool = Pool::new(4, 20);
        let (served, _, refused) = pool.run(5, 1_900);
        assert_eq!((served, refused, pool.limit.limit()), (9_500, 0, 256));
    }

    #[test]
    fn simulated_ten_times_the_capacity_keeps_the_work_going_and_the_waits_short() {
        let mut pool = Pool::new(4, 20);
        pool.run(2, 20_000);
        let (served, p99, refused) = pool.run(5, 20_000);
        assert!(served >= 9_900, "{served} of 10,000");
        assert!(p99 <= 25 * MS, "{p99:?}");
        assert!(refused > 80_000, "{refused}");
        // A second later nobody would know.
        pool.run(1, 1_900);
        let (_, _, refused) = pool.run(2, 1_900);
        assert_eq!(refused, 0);
    }

    #[test]
    fn simulated_slower_work_lowers_the_limit_and_faster_work_raises_it_again() {
        let mut pool = Pool::new(64, 20);
        pool.run(2, 40_000);
        let fast = pool.limit.limit();
        assert!(fast > 150, "{fast}");
        pool.service = 400;
        pool.run(10, 40_000);
        let slow = pool.limit.limit();
        assert!((16..=100).contains(&slow), "{slow}");
        pool.service = 20;
        pool.run(3, 40_000);
        assert!(pool.limit.limit() > 150, "{}", pool.limit.limit());
    }
}
