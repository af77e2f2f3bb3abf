//! Where governor keeps its cells here: in a cache of fixed size, so that an attacker with many addresses costs no
//! memory. What falls out of the cache is forgotten, which forgives; keys in use stay.

use std::convert::Infallible;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::nanos::Nanos;
use governor::state::StateStore;
use quick_cache::sync::Cache;

/// What a look at a cell is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// To know whether it would conform; nothing is changed.
    Look,
    /// To count one more.
    Charge,
}

/// Cells by key. Zero is a cell that was never charged.
pub(crate) struct BoundedStates<K> {
    cells: Cache<K, Arc<AtomicU64>>,
}

impl<K: Eq + Hash + Copy> BoundedStates<K> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { cells: Cache::new(capacity) }
    }

    /// The cell of a key, which is made if there is none.
    pub(crate) fn cell(&self, key: &K) -> Arc<AtomicU64> {
        let Ok(cell) = self.cells.get_or_insert_with(key, || Ok::<_, Infallible>(Arc::default()));
        cell
    }

    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }
}

impl<K: Eq + Hash + Copy> StateStore for BoundedStates<K> {
    type Key = (K, Purpose);

    fn measure_and_replace<T, F, E>(&self, (key, purpose): &Self::Key, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let measured = |cell: u64| f((cell != 0).then(|| Nanos::from(cell)));
        if *purpose == Purpose::Look {
            let cell = self.cells.get(key).map_or(0, |cell| cell.load(Ordering::Acquire));
            return measured(cell).map(|(answer, _)| answer);
        }
        let cell = self.cell(key);
        let mut seen = cell.load(Ordering::Acquire);
        loop {
            let (answer, next) = measured(seen)?;
            match cell.compare_exchange_weak(seen, next.as_u64(), Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Ok(answer),
                Err(other) => seen = other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_keys_takes_bounded_room() {
        let states = BoundedStates::<u64>::new(100);
        for key in 0..100_000 {
            let charged: Result<(), ()> =
                states.measure_and_replace(&(key, Purpose::Charge), |_| Ok(((), Nanos::from(1))));
            assert_eq!(charged, Ok(()));
        }
        assert!(states.len() <= 100, "{}", states.len());
    }

    #[test]
    fn a_look_changes_nothing() {
        let states = BoundedStates::<u64>::new(100);
        let look: Result<Option<Nanos>, ()> =
            states.measure_and_replace(&(1, Purpose::Look), |cell| Ok((cell, Nanos::from(7))));
        assert_eq!((look, states.len()), (Ok(None), 0));
    }
}
