//! The decision of the resource guard: samples in, a state out. No clock, no machine.
//!
//! It gets worse at once and by any number of states, and better by one state at a time, each after a while in which
//! nothing spoke for staying: a server that swings between serving and refusing serves nobody.

use std::time::Duration;

use crate::resource::guard_state::GuardState;
use crate::resource::sample::Sample;
use crate::resource::signal::Signal;
use crate::resource::thresholds::GuardThresholds;

/// The state, and what is needed to know when to leave it.
#[derive(Debug, Clone)]
pub struct GuardCore {
    thresholds: GuardThresholds,
    state: GuardState,
    binding: Option<Signal>,
    /// When the first of the samples came that all let the state be left.
    calm_since: Option<Duration>,
}

impl GuardCore {
    /// In the best state.
    pub fn new(thresholds: GuardThresholds) -> Self {
        Self { thresholds, state: GuardState::Normal, binding: None, calm_since: None }
    }

    /// Takes the next sample into account. Samples come in the order of their times.
    pub fn observe(&mut self, sample: &Sample) -> GuardState {
        let (entered, entered_by) = self.thresholds.entered(sample);
        let (kept, kept_by) = self.thresholds.kept(sample);
        if entered > self.state {
            self.state = entered;
            self.binding = entered_by;
            self.calm_since = None;
        } else if self.state == GuardState::Normal {
            self.binding = None;
        } else if kept >= self.state {
            self.binding = kept_by;
            self.calm_since = None;
        } else {
            let since = *self.calm_since.get_or_insert(sample.at);
            if sample.at.saturating_sub(since) >= self.thresholds.hold() {
                self.relax(sample.at, kept, kept_by);
            }
        }
        self.state
    }

    /// One state better. The time in it begins now; if it is to be left at once, it has to be calm from now on.
    fn relax(&mut self, at: Duration, kept: GuardState, kept_by: Option<Signal>) {
        self.state = better(self.state);
        self.calm_since = (kept < self.state).then_some(at);
        if self.state == GuardState::Normal {
            self.binding = None;
        } else if kept == self.state {
            self.binding = kept_by;
        }
    }

    /// The state after the last sample.
    pub fn state(&self) -> GuardState {
        self.state
    }

    /// Which signal made it so, or was the last to keep it so; none in the best state.
    pub fn binding(&self) -> Option<Signal> {
        self.binding
    }
}

fn better(state: GuardState) -> GuardState {
    match state {
        GuardState::Normal | GuardState::Slow => GuardState::Normal,
        GuardState::Defer => GuardState::Slow,
        GuardState::Reject => GuardState::Defer,
    }
}

#[cfg(test)]
mod tests {
    use GuardState::{Defer, Normal, Reject, Slow};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const STEP: Duration = Duration::from_millis(250);

    fn core() -> GuardCore {
        GuardCore::new(GuardThresholds::default())
    }

    /// The states that queueing delays lead to, one sample every 250 ms.
    fn states(core: &mut GuardCore, delays: &[u64]) -> Vec<GuardState> {
        let mut at = Duration::ZERO;
        let mut observe = |delay: &u64| {
            at += STEP;
            core.observe(&Sample { at, queue_delay: Duration::from_millis(*delay), ..Sample::default() })
        };
        delays.iter().map(&mut observe).collect()
    }

    #[test]
    fn it_gets_worse_at_once_and_better_one_state_a_second() {
        let delays = [0, 2_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let expected = [
            [Normal, Reject, Reject, Reject, Reject, Reject, Defer, Defer].as_slice(),
            &[Defer, Defer, Slow, Slow, Slow, Slow, Normal],
        ];
        assert_eq!(states(&mut core(), &delays), expected.concat());
    }

    #[test]
    fn what_falls_a_little_below_its_level_keeps_the_state() {
        // Slow from 50 ms on, until it is below 40 ms for a second.
        let delays = [50, 45, 45, 45, 45, 45, 45, 39, 39, 39, 41, 39, 39, 39, 39, 39];
        let mut expected = [Slow; 16];
        expected[15] = Normal;
        assert_eq!(states(&mut core(), &delays), expected);
    }

    #[test]
    fn the_binding_signal_is_told_until_the_state_is_left() {
        let mut core = core();
        let sample = |seconds, memory, delay| Sample {
            at: Duration::from_secs(seconds),
            memory: Some(memory),
            queue_delay: Duration::from_millis(delay),
            ..Sample::default()
        };
        for (sample, state, binding) in [
            (sample(1, 0.5, 0), Normal, None),
            (sample(2, 0.5, 300), Defer, Some(Signal::QueueDelay)),
            // It is what keeps it there: 0.95 * 0.95 is less.
            (sample(3, 0.91, 0), Defer, Some(Signal::Memory)),
            (sample(4, 0.99, 0), Reject, Some(Signal::Memory)),
            (sample(5, 0.1, 0), Reject, Some(Signal::Memory)),
            (sample(6, 0.1, 0), Defer, Some(Signal::Memory)),
            (sample(7, 0.1, 0), Slow, Some(Signal::Memory)),
            (sample(8, 0.1, 45), Slow, Some(Signal::QueueDelay)),
            (sample(9, 0.1, 0), Slow, Some(Signal::QueueDelay)),
            (sample(10, 0.1, 0), Normal, None),
            (sample(11, 0.1, 45), Normal, None),
        ] {
            assert_eq!((core.observe(&sample), core.binding()), (state, binding), "{sample:?}");
        }
    }

    #[test]
    fn a_machine_that_was_suspended_gets_better_by_one_state_only() {
        let mut core = core();
        let at = |seconds, delay| Sample {
            at: Duration::from_secs(seconds),
            queue_delay: Duration::from_millis(delay),
            ..Sample::default()
        };
        core.observe(&at(1, 5_000));
        core.observe(&at(2, 0));
        assert_eq!(core.observe(&at(36_000, 0)), Defer);
    }

    prop_compose! {
        fn any_sample()(
            cpu in prop::option::of(0.0..=1.0_f64),
            memory in prop::option::of(0.0..=1.0_f64),
            cpu_pressure in prop::option::of(0.0..=100.0_f64),
            memory_pressure in prop::option::of(0.0..=100.0_f64),
            io_pressure in prop::option::of(0.0..=100.0_f64),
            in_flight in 0..=100_u32,
            queue_delay in 0..3_000_u64,
            // Most samples are good ones, or nothing would ever get better.
            counts in prop::bool::weighted(0.2),
        ) -> Sample {
            let sample = Sample {
                cpu, memory, cpu_pressure, memory_pressure, io_pressure, in_flight, in_flight_limit: 100,
                queue_delay: Duration::from_millis(queue_delay), ..Sample::default()
            };
            if counts { sample } else { Sample { in_flight_limit: 100, ..Sample::default() } }
        }
    }

    fn in_time(samples: Vec<Sample>, steps: &[u64]) -> Vec<Sample> {
        let mut at = Duration::ZERO;
        let mut at_its_time = |(sample, step): (Sample, &u64)| {
            at += Duration::from_millis(*step);
            Sample { at, ..sample }
        };
        samples.into_iter().zip(steps).map(&mut at_its_time).collect()
    }

    /// The same sample, at least as bad in every figure.
    fn worse(sample: &Sample, by: f64) -> Sample {
        let towards = |value: Option<f64>, most: f64| value.map(|value| value + (most - value) * by);
        Sample {
            cpu: towards(sample.cpu, 1.0),
            memory: towards(sample.memory, 1.0),
            cpu_pressure: towards(sample.cpu_pressure, 100.0),
            memory_pressure: towards(sample.memory_pressure, 100.0),
            io_pressure: towards(sample.io_pressure, 100.0),
            queue_delay: sample.queue_delay + Duration::from_secs_f64(by * by),
            ..*sample
        }
    }

    proptest! {
        #[test]
        fn it_never_gets_better_within_the_time_to_hold(
            samples in vec(any_sample(), 150), steps in vec(1..600_u64, 150),
        ) {
            let mut core = core();
            let mut changed = Duration::ZERO;
            let mut state = Normal;
            for sample in in_time(samples, &steps) {
                let next = core.observe(&sample);
                prop_assert_eq!(core.binding().is_none(), next == Normal);
                if next < state {
                    prop_assert!(sample.at - changed >= GuardThresholds::default().hold());
                    prop_assert_eq!(next, better(state));
                }
                if next != state {
                    (state, changed) = (next, sample.at);
                }
            }
        }

        #[test]
        fn worse_figures_never_make_a_better_state(
            samples in vec(any_sample(), 150), steps in vec(1..600_u64, 150), by in vec(0.0..1.0_f64, 150),
        ) {
            let (mut core, mut core_of_worse) = (core(), core());
            for (sample, by) in in_time(samples, &steps).iter().zip(by) {
                let state = core.observe(sample);
                prop_assert!(state <= core_of_worse.observe(&worse(sample, by * by)));
            }
        }

        #[test]
        fn a_busy_processor_alone_never_rejects(
            cpu in vec(0.0..=1.0_f64, 50), slow in 0.01..=1.0_f64, defer in 0.01..=1.0_f64,
        ) {
            let mut thresholds = GuardThresholds::default();
            let (slow, defer) = (slow.min(defer), slow.max(defer));
            thresholds.set(&format!("cpu={slow}/{defer}/off")).unwrap();
            let mut core = GuardCore::new(thresholds);
            for cpu in cpu {
                let state = core.observe(&Sample { cpu: Some(cpu), ..Sample::default() });
                prop_assert!(state < Reject);
            }
        }
    }
}
