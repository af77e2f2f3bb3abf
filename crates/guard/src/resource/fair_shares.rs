//! Who is turned away first: tenants that ask for more than their fair share of what a node can do.
//!
//! The share is the max-min fair one: what it can do is divided evenly, and what a tenant does not ask for is divided
//! among the others. Memory is fixed; tenants whose ids meet in a cell are counted as one, which at the worst turns a
//! quiet one away together with a noisy one.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::resource::running_count::{Reader, RunningCount};

/// How many tenants are told apart.
const CELLS: u64 = 16_384;

/// How long requests are counted before shares are made of them.
const PERIOD: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
struct Cell {
    asked: AtomicU32,
    asked_before: AtomicU32,
}

/// What tenants ask for and get. Share it between all threads.
#[derive(Debug)]
pub struct FairShares<S = RandomState> {
    cells: Box<[Cell]>,
    /// Requests that were served.
    pub served: RunningCount,
    /// Requests that there was no room for.
    pub turned_away: RunningCount,
    served_before: Reader,
    turned_away_before: Reader,
    /// How much of the period before was nobody's more than fair share.
    share: AtomicU32,
    /// When the period began, in microseconds.
    began: AtomicU64,
    // Random per process, so that nobody can look for tenants that share a cell.
    hashes: S,
}

impl Default for FairShares {
    fn default() -> Self {
        Self::with_hashes(RandomState::new())
    }
}

impl<S: BuildHasher> FairShares<S> {
    fn with_hashes(hashes: S) -> Self {
        Self {
            cells: (0..CELLS).map(|_| Cell::default()).collect(),
            served: RunningCount::default(),
            turned_away: RunningCount::default(),
            served_before: Reader::default(),
            turned_away_before: Reader::default(),
            share: AtomicU32::new(0),
            began: AtomicU64::new(0),
            hashes,
        }
    }

    /// A tenant asks for something. Whether it asked for no more than its share lately: then the others go first, and
    /// it is to be served. `now` is measured from any fixed point.
    pub fn ask(&self, tenant: [u8; 16], now: Duration) -> bool {
        self.begin_period(now);
        let Some(cell) = self.cell(tenant) else { return true };
        cell.asked.fetch_add(1, Ordering::Relaxed);
        cell.asked_before.load(Ordering::Relaxed) <= self.share.load(Ordering::Relaxed)
    }

    fn cell(&self, tenant: [u8; 16]) -> Option<&Cell> {
        let hash = usize::try_from(self.hashes.hash_one(tenant) % CELLS).unwrap_or_default();
        self.cells.get(hash)
    }

    /// At most one thread makes the shares of a period.
    fn begin_period(&self, now: Duration) {
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let period = u64::try_from(PERIOD.as_micros()).unwrap_or(u64::MAX);
        let began = self.began.load(Ordering::Relaxed);
        if now.saturating_sub(began) < period {
            return;
        }
        if self.began.compare_exchange(began, now, Ordering::AcqRel, Ordering::Relaxed).is_err() {
            return;
        }
        let asked: Vec<u32> = self
            .cells
            .iter()
            .filter_map(|cell| {
                let asked = cell.asked.swap(0, Ordering::Relaxed);
                cell.asked_before.store(asked, Ordering::Relaxed);
                (asked != 0).then_some(asked)
            })
            .collect();
        let served = self.served_before.take_news(&self.served);
        let share = match self.turned_away_before.take_news(&self.turned_away) {
            0 => modest_share(&asked),
            _ => fair_share(asked, u32::try_from(served).unwrap_or(u32::MAX)),
        };
        self.share.store(share, Ordering::Relaxed);
    }
}

/// What there is was more than what was asked for, and nobody knows how much. Whoever asked for half of the average or
/// less is certainly not the one who will make it too little.
fn modest_share(asked: &[u32]) -> u32 {
    let total = asked.iter().fold(0_u32, |total, demand| total.saturating_add(*demand));
    let tenants = u32::try_from(asked.len()).unwrap_or(u32::MAX).max(1);
    total / tenants / 2
}

/// The greatest share for which all shares together are no more than what there is.
fn fair_share(mut asked: Vec<u32>, mut available: u32) -> u32 {
    asked.sort_unstable();
    let mut left = u32::try_from(asked.len()).unwrap_or(u32::MAX);
    for demand in asked {
        let even = available / left.max(1);
        if even < demand {
            return even;
        }
        available = available.saturating_sub(demand);
        left = left.saturating_sub(1);
    }
    u32::MAX
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasherDefault, DefaultHasher};

    use super::*;

    /// With the same cells in every run.
    fn shares() -> FairShares<BuildHasherDefault<DefaultHasher>> {
        FairShares::with_hashes(BuildHasherDefault::default())
    }

    #[test]
    fn what_is_not_asked_for_is_divided_among_the_others() {
        for (asked, available, share) in [
            (vec![], 0, u32::MAX),
            (vec![5], 10, u32::MAX),
            (vec![50], 10, 10),
            (vec![10, 10, 10, 1_000], 100, 70),
            (vec![100, 100, 100, 100], 100, 25),
            (vec![1, 50, 60], 61, 30),
            (vec![1; 100], 0, 0),
        ] {
            assert_eq!(fair_share(asked.clone(), available), share, "{asked:?} {available}");
        }
    }

    /// In each period 50 tenants ask 10 times and one 1,000 times; there is room for 700. At first there is room for all.
    #[test]
    fn quiet_tenants_are_served_beside_a_noisy_one() {
        let shares = shares();
        let tenant = |number: u8| [number; 16];
        let mut quiet_served = 0;
        for period in 1..=10_u32 {
            let now = PERIOD * period;
            let mut left = if period == 1 { 2_000 } else { 700 };
            for round in 0..1_000 {
                let askers = if round % 100 == 0 { 0..=50 } else { 0..=0 };
                for asker in askers {
                    let goes_first = shares.ask(tenant(asker), now);
                    let is_served = goes_first || 0 < left;
                    if is_served {
                        left -= 1;
                        shares.served.add_one();
                    } else {
                        shares.turned_away.add_one();
                    }
                    if 1 < period && asker != 0 {
                        assert!(is_served, "a quiet tenant was turned away in period {period}");
                        quiet_served += 1;
                    }
                    assert!(asker != 0 || period < 2 || !goes_first);
                }
            }
        }
        assert_eq!(quiet_served, 9 * 50 * 10);
    }

    #[test]
    fn nobody_goes_first_where_everybody_asks_for_too_much() {
        let shares = shares();
        for period in 1..=3_u32 {
            for request in 0..1_000_u16 {
                let tenant = [u8::try_from(request % 10).unwrap(); 16];
                let goes_first = shares.ask(tenant, PERIOD * period);
                // Of whom nothing is known yet, nothing bad is assumed.
                assert_eq!(goes_first, period == 1);
                if request < 100 { shares.served.add_one() } else { shares.turned_away.add_one() }
            }
        }
    }

    #[test]
    fn who_asks_for_little_goes_first_before_anybody_was_turned_away() {
        let shares = shares();
        for _ in 0..100 {
            shares.ask([1; 16], PERIOD);
        }
        shares.ask([2; 16], PERIOD);
        let later = PERIOD * 2;
        assert_eq!([1, 2, 3].map(|tenant| shares.ask([tenant; 16], later)), [false, true, true]);
    }
}
