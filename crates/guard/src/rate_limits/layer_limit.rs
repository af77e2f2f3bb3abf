//! The limit of one layer of one endpoint, with a cell for everybody who was counted lately.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::quota::RateQuota;
use crate::bounded_states::BoundedStates;

pub(crate) struct LayerLimit<K> {
    quota: Option<RateQuota>,
    cells: BoundedStates<K>,
}

/// A cell, and the quota it is to be held against.
pub(crate) struct Counter {
    pub(crate) quota: RateQuota,
    pub(crate) cell: Arc<AtomicU64>,
}

impl<K: Eq + Hash + Copy> LayerLimit<K> {
    pub(crate) fn new(quota: Option<RateQuota>, remembered: usize) -> Self {
        Self { quota, cells: BoundedStates::new(remembered) }
    }

    /// The counter of `key`, if it has a limit: `own`, or that of the layer.
    pub(crate) fn counter(&self, key: K, own: Option<RateQuota>) -> Option<Counter> {
        let quota = self.quota_of(own)?;
        Some(Counter { quota, cell: self.cells.cell(&key) })
    }

    /// The limit of somebody who may have one of their `own`.
    pub(crate) fn quota_of(&self, own: Option<RateQuota>) -> Option<RateQuota> {
        own.or(self.quota)
    }

    pub(crate) fn remembered(&self) -> usize {
        self.cells.len()
    }
}
