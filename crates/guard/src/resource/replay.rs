//! What the guard would have done: a recording goes through the decision, with any thresholds.

use std::time::Duration;

use crate::resource::guard_core::GuardCore;
use crate::resource::guard_state::GuardState;
use crate::resource::sample::Sample;
use crate::resource::signal::Signal;
use crate::resource::thresholds::GuardThresholds;

/// What happened at a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReplayEvent {
    /// The state changed.
    Changed {
        /// The time of the sample.
        at: Duration,
        /// The state from now on.
        state: GuardState,
        /// The signal that made it so, and its value in this sample; none in the best state.
        binding: Option<(Signal, f64)>,
    },
    /// The times begin anew: the server was started again, in the best state.
    Restarted {
        /// The time of the sample.
        at: Duration,
    },
}

/// How long it was in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReplaySummary {
    /// How many samples there were.
    pub samples: u64,
    /// How often the state changed.
    pub changes: u64,
    /// How often the server was started again.
    pub restarts: u64,
    /// The times in the states of [`GuardState::ALL`].
    pub in_state: [Duration; 4],
}

/// A replay under way.
#[derive(Debug, Clone)]
pub struct Replay {
    thresholds: GuardThresholds,
    core: GuardCore,
    before: Option<Duration>,
    summary: ReplaySummary,
}

impl Replay {
    /// At the beginning of a recording.
    pub fn new(thresholds: GuardThresholds) -> Self {
        Self { thresholds, core: GuardCore::new(thresholds), before: None, summary: ReplaySummary::default() }
    }

    /// Takes the next sample, and returns what it led to.
    pub fn observe(&mut self, sample: &Sample) -> Vec<ReplayEvent> {
        let mut events = Vec::new();
        self.summary.samples = self.summary.samples.saturating_add(1);
        let state = self.core.state();
        match self.before.replace(sample.at).map(|before| sample.at.checked_sub(before)) {
            None => {}
            Some(Some(elapsed)) => self.count(state, elapsed),
            Some(None) => {
                self.core = GuardCore::new(self.thresholds);
                self.summary.restarts = self.summary.restarts.saturating_add(1);
                events.push(ReplayEvent::Restarted { at: sample.at });
            }
        }
        let state = self.core.state();
        if self.core.observe(sample) != state {
            self.summary.changes = self.summary.changes.saturating_add(1);
            let value = |signal: Signal| signal.value(sample).map(|value| (signal, value));
            let binding = self.core.binding().and_then(value);
            events.push(ReplayEvent::Changed { at: sample.at, state: self.core.state(), binding });
        }
        events
    }

    /// Everything so far. The last sample has lasted for no time.
    pub fn summary(&self) -> ReplaySummary {
        self.summary
    }

    fn count(&mut self, state: GuardState, elapsed: Duration) {
        let times = GuardState::ALL.into_iter().zip(&mut self.summary.in_state);
        if let Some((_, time)) = times.into_iter().find(|(counted, _)| *counted == state) {
            *time = time.saturating_add(elapsed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::recording::parse_line;

    fn sample(seconds: u64, delay: u64) -> Sample {
        Sample {
            at: Duration::from_secs(seconds),
            queue_delay: Duration::from_millis(delay),
            ..Sample::default()
        }
    }

    fn replay(samples: &[Sample]) -> (Vec<ReplayEvent>, ReplaySummary) {
        let mut replay = Replay::new(GuardThresholds::default());
        let events = samples.iter().flat_map(|sample| replay.observe(sample)).collect();
        (events, replay.summary())
    }

    fn changed(seconds: u64, state: GuardState, delay: Option<f64>) -> ReplayEvent {
        let binding = delay.map(|delay| (Signal::QueueDelay, delay));
        ReplayEvent::Changed { at: Duration::from_secs(seconds), state, binding }
    }

    #[test]
    fn every_change_is_told_with_its_reason_and_every_second_is_counted() {
        let (events, summary) =
            replay(&[sample(10, 0), sample(12, 300), sample(15, 0), sample(16, 0), sample(18, 0)]);
        let expected = [
            changed(12, GuardState::Defer, Some(300.0)),
            changed(16, GuardState::Slow, Some(0.0)),
            changed(18, GuardState::Normal, None),
        ];
        assert_eq!(events, expected);
        let in_state = [2, 2, 4, 0].map(Duration::from_secs);
        assert_eq!(summary, ReplaySummary { samples: 5, changes: 3, restarts: 0, in_state });
    }

    #[test]
    fn a_server_that_was_started_again_begins_in_the_best_state() {
        let (events, summary) = replay(&[sample(10, 2_000), sample(20, 2_000), sample(1, 0), sample(2, 60)]);
        let expected = [
            changed(10, GuardState::Reject, Some(2_000.0)),
            ReplayEvent::Restarted { at: Duration::from_secs(1) },
            changed(2, GuardState::Slow, Some(60.0)),
        ];
        assert_eq!(events, expected);
        let in_state = [1, 0, 0, 10].map(Duration::from_secs);
        assert_eq!(summary, ReplaySummary { samples: 4, changes: 2, restarts: 1, in_state });
    }

    /// Two processors with more to compile than they can, but nothing else.
    const BUSY: &str = include_str!("recordings/busy.jsonl");
    /// The same, and from the fourth to the tenth second eight programs that compute.
    const CPU_HOG: &str = include_str!("recordings/cpu_hog.jsonl");
    /// In between, a program that takes memory until the sixth second and then ends.
    const MEMORY_HOG: &str = include_str!("recordings/memory_hog.jsonl");

    /// When in milliseconds, to which state, and why.
    type StateChange = (u128, GuardState, Option<Signal>);

    /// The changes, and the seconds in each state.
    fn recorded(recording: &str, thresholds: &str) -> (Vec<StateChange>, [u64; 4]) {
        let mut given = GuardThresholds::default();
        given.set(thresholds).unwrap();
        let mut replay = Replay::new(given);
        let samples = recording.lines().map(|line| parse_line(line).unwrap());
        let events: Vec<_> = samples.flat_map(|sample| replay.observe(&sample)).collect();
        let changes = events.into_iter().map(|event| match event {
            ReplayEvent::Changed { at, state, binding } => {
                (at.as_millis(), state, binding.map(|(signal, _)| signal))
            }
            ReplayEvent::Restarted { .. } => panic!("a recording of one run"),
        });
        (changes.collect(), replay.summary().in_state.map(|time| time.as_secs()))
    }

    #[test]
    fn a_busy_machine_that_keeps_up_is_left_alone() {
        assert_eq!(recorded(BUSY, ""), (vec![], [20, 0, 0, 0]));
        let (changes, _) = recorded(BUSY, "cpu=0.5/0.6/off");
        assert_eq!(
            changes,
            [(250, GuardState::Defer, Some(Signal::Cpu))],
            "unless somebody wants it otherwise"
        );
    }

    #[test]
    fn programs_that_compute_only_slow_what_is_least_important() {
        let expected =
            vec![(6_003, GuardState::Slow, Some(Signal::CpuPressure)), (12_750, GuardState::Normal, None)];
        assert_eq!(recorded(CPU_HOG, ""), (expected, [9, 6, 0, 0]));
    }

    #[test]
    fn lower_thresholds_turn_away_earlier_and_longer() {
        let (changes, in_state) = recorded(CPU_HOG, "cpu_pressure=40/60/80@0.9");
        let pressed = |at, state| (at, state, Some(Signal::CpuPressure));
        let expected = [
            pressed(5_005, GuardState::Slow),
            pressed(5_265, GuardState::Defer),
            pressed(5_753, GuardState::Reject),
            pressed(12_750, GuardState::Defer),
        ];
        assert_eq!((changes.as_slice(), in_state), (expected.as_slice(), [5, 0, 3, 6]));
    }

    #[test]
    fn memory_that_is_given_back_is_believed_step_by_step() {
        let (changes, _) = recorded(MEMORY_HOG, "memory=0.12/0.14/0.16@0.9, cpu_pressure=off");
        let full = |at, state| (at, state, Some(Signal::Memory));
        let expected = [
            full(4_500, GuardState::Slow),
            full(5_006, GuardState::Defer),
            full(5_250, GuardState::Reject),
            full(7_778, GuardState::Defer),
            full(9_000, GuardState::Slow),
            (10_000, GuardState::Normal, None),
        ];
        assert_eq!(changes, expected);
    }
}
