//! Counters, one for each combination of labels, all made at the start: counting locks and allocates nothing.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::telemetry::label::Label;

/// One label, or several.
pub(crate) trait Labels: Copy {
    /// Every combination, in the order of [`Labels::index`].
    fn all() -> Vec<Self>;

    /// Its place among all.
    fn index(self) -> usize;

    /// Names and values.
    fn pairs(self) -> Vec<(&'static str, &'static str)>;
}

impl<A: Label> Labels for (A,) {
    fn all() -> Vec<Self> {
        A::all().map(|first| (first,)).collect()
    }

    fn index(self) -> usize {
        place(self.0)
    }

    fn pairs(self) -> Vec<(&'static str, &'static str)> {
        vec![(A::NAME, self.0.text())]
    }
}

impl<A: Label, B: Label> Labels for (A, B) {
    fn all() -> Vec<Self> {
        A::all().flat_map(|first| B::all().map(move |second| (first, second))).collect()
    }

    fn index(self) -> usize {
        place(self.0) * B::all().count() + place(self.1)
    }

    fn pairs(self) -> Vec<(&'static str, &'static str)> {
        vec![(A::NAME, self.0.text()), (B::NAME, self.1.text())]
    }
}

impl<A: Label, B: Label, C: Label> Labels for (A, B, C) {
    fn all() -> Vec<Self> {
        let two = <(A, B)>::all().into_iter();
        two.flat_map(|(first, second)| C::all().map(move |third| (first, second, third))).collect()
    }

    fn index(self) -> usize {
        (self.0, self.1).index() * C::all().count() + place(self.2)
    }

    fn pairs(self) -> Vec<(&'static str, &'static str)> {
        let mut pairs = (self.0, self.1).pairs();
        pairs.push((C::NAME, self.2.text()));
        pairs
    }
}

fn place<L: Label>(label: L) -> usize {
    // Every value is in its own set.
    L::all().position(|value| value == label).unwrap_or_default()
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Counters<L> {
    counts: Box<[AtomicU64]>,
    labels: PhantomData<fn(L)>,
}

impl<L: Labels> Default for Counters<L> {
    fn default() -> Self {
        Self { counts: L::all().iter().map(|_| AtomicU64::default()).collect(), labels: PhantomData }
    }
}

impl<L: Labels> Counters<L> {
    /// Counts one.
    pub(crate) fn count(&self, labels: L) {
        self.add(labels, 1);
    }

    /// Counts several.
    pub(crate) fn add(&self, labels: L, more: u64) {
        if let Some(count) = self.counts.get(labels.index()) {
            count.fetch_add(more, Ordering::Relaxed);
        }
    }

    /// Every combination with its count.
    pub(crate) fn read(&self) -> Vec<(L, u64)> {
        L::all().into_iter().zip(self.counts.iter().map(|count| count.load(Ordering::Relaxed))).collect()
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_guard::endpoint::Endpoint;
    use turnkeep_guard::layer::Layer;

    use super::*;
    use crate::telemetry::limit_outcome::LimitOutcome;

    #[test]
    fn every_combination_of_labels_has_a_counter_of_its_own() {
        let counters = Counters::<(Endpoint, Layer, LimitOutcome)>::default();
        for (more, labels) in (1..).zip(<(Endpoint, Layer, LimitOutcome)>::all()) {
            counters.add(labels, more);
        }
        let counts: Vec<u64> = counters.read().into_iter().map(|(_, count)| count).collect();
        assert_eq!(counts, (1..=40).collect::<Vec<u64>>());
    }

    #[test]
    fn labels_have_names_and_values() {
        let pairs = (Endpoint::SignIn, Layer::Tenant, LimitOutcome::DryRun).pairs();
        assert_eq!(pairs, [("endpoint", "sign-in"), ("layer", "tenant"), ("outcome", "dry-run")]);
    }
}
