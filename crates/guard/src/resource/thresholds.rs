//! From where on each signal stands for which state, and when a state is left again.

use std::fmt;
use std::time::Duration;

use crate::resource::guard_state::GuardState;
use crate::resource::sample::Sample;
use crate::resource::signal::Signal;

/// From which value on a signal stands for a state; `None` means that it never does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// For [`GuardState::Slow`].
    pub slow: Option<f64>,
    /// For [`GuardState::Defer`].
    pub defer: Option<f64>,
    /// For [`GuardState::Reject`].
    pub reject: Option<f64>,
    /// The share of a level that the signal has to be below to count as gone.
    pub release: f64,
}

impl Levels {
    /// Counts for nothing.
    const fn off(release: f64) -> Self {
        Self { slow: None, defer: None, reject: None, release }
    }

    /// The worst state whose level, times `share`, the value has reached, and how many times over it has.
    fn reached(self, value: f64, share: f64) -> (GuardState, f64) {
        let states = [
            (GuardState::Reject, self.reject),
            (GuardState::Defer, self.defer),
            (GuardState::Slow, self.slow),
        ];
        let reached = states.into_iter().find_map(|(state, level)| {
            let level = level? * share;
            (value >= level).then(|| (state, value / level))
        });
        reached.unwrap_or((GuardState::Normal, 0.0))
    }
}

/// Why thresholds are refused. `signal` is the name of what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardThresholdsError {
    /// A part that begins with none of the known names.
    #[error(
        "unknown signal: there are cpu, memory, cpu_pressure, memory_pressure, io_pressure, in_flight, \
         queue_delay_ms, turned_away and hold_seconds"
    )]
    Unknown,
    /// A name that stands there twice.
    #[error("{signal} is set twice")]
    Repeated {
        /// Which.
        signal: &'static str,
    },
    /// Not three levels.
    #[error(
        "{signal} must be three levels such as `20/50/80`, for slow, defer and reject; `off` is one, too"
    )]
    NotLevels {
        /// Which.
        signal: &'static str,
    },
    /// A level that can never be reached, or always is.
    #[error("{signal} must have levels above 0 and at most {highest}")]
    OutOfRange {
        /// Which.
        signal: &'static str,
        /// The highest level.
        highest: u32,
    },
    /// A worse state at a lower level.
    #[error("{signal} must have levels that rise from slow to reject")]
    NotRising {
        /// Which.
        signal: &'static str,
    },
    /// A busy machine that keeps up is fine.
    #[error("cpu must have `off` as its last level: a busy processor alone is no reason to reject")]
    CpuRejects,
    /// A time to hold that is none.
    #[error("hold_seconds must be between 0.1 and 3600")]
    Hold,
    /// A share that is none.
    #[error("{signal} must have a number between 0.1 and 1 after the `@`")]
    Release {
        /// Which.
        signal: &'static str,
    },
}

/// All levels, and when states are left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GuardThresholds {
    levels: [Levels; 8],
    hold: Duration,
}

impl Default for GuardThresholds {
    /// `cpu=off, memory=0.9/0.95/0.98@0.95, cpu_pressure=90/off/off@0.8, memory_pressure=10/25/50@0.8,
    /// io_pressure=70/off/off@0.8, in_flight=0.9/off/off@0.8, queue_delay_ms=50/250/1000@0.8,
    /// turned_away=0.01/0.1/0.5@0.8, hold_seconds=1`
    ///
    /// - Memory and waiting for it end in a node that nobody can reach any more, so they reject.
    /// - Requests that wait are what clients notice: 50 ms is ten times what is usual, and after a second clients have
    ///   begun to give up.
    /// - Processors and disks that are waited for are what a fully used machine looks like which keeps up, and
    ///   neighbours cause it, too: they only let what is least important wait. If they are behind more than that,
    ///   requests wait.
    /// - Places for requests that are all taken turn requests away by themselves.
    /// - Where tokens are turned away, everything less important makes room; where it is every other one, other nodes
    ///   should be asked.
    fn default() -> Self {
        let levels = |slow, defer, reject| Levels { slow: Some(slow), defer, reject, release: 0.8 };
        Self {
            levels: Signal::ALL.map(|signal| match signal {
                Signal::Cpu => Levels::off(0.9),
                // Programs seldom give memory back: what it is below again is not far below.
                Signal::Memory => Levels { release: 0.95, ..levels(0.9, Some(0.95), Some(0.98)) },
                Signal::CpuPressure => levels(90.0, None, None),
                Signal::MemoryPressure => levels(10.0, Some(25.0), Some(50.0)),
                Signal::IoPressure => levels(70.0, None, None),
                Signal::InFlight => levels(0.9, None, None),
                Signal::QueueDelay => levels(50.0, Some(250.0), Some(1_000.0)),
                Signal::TurnedAway => levels(0.01, Some(0.1), Some(0.5)),
            }),
            hold: Duration::from_secs(1),
        }
    }
}

impl GuardThresholds {
    /// Sets what a text names, such as `cpu_pressure=40/60/80@0.7, queue_delay_ms=20/100/off, hold_seconds=5`, and
    /// leaves the rest as it is. The levels are those for slow, defer and reject; what follows the `@` is the share of
    /// a level that the signal has to be below for the state to be left. `off` alone means that the signal counts for
    /// nothing. If anything is wrong, nothing is set.
    pub fn set(&mut self, text: &str) -> Result<(), GuardThresholdsError> {
        let mut changed = *self;
        let mut seen: Vec<&'static str> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(GuardThresholdsError::Unknown)?;
            let name = changed.set_one(name.trim(), value.trim())?;
            if seen.contains(&name) {
                return Err(GuardThresholdsError::Repeated { signal: name });
            }
            seen.push(name);
        }
        *self = changed;
        Ok(())
    }

    fn set_one(&mut self, name: &str, value: &str) -> Result<&'static str, GuardThresholdsError> {
        match name {
            "hold_seconds" => {
                let seconds = number_between(value, 0.1, 3_600.0).ok_or(GuardThresholdsError::Hold)?;
                self.hold = Duration::from_secs_f64(seconds);
                Ok("hold_seconds")
            }
            name => {
                let known = Signal::ALL.into_iter().zip(&mut self.levels);
                let found = known.into_iter().find(|(signal, _)| signal.as_str() == name);
                let (signal, levels) = found.ok_or(GuardThresholdsError::Unknown)?;
                *levels = parse_levels(signal, value, levels.release)?;
                Ok(signal.as_str())
            }
        }
    }

    /// The levels of a signal.
    pub fn levels(&self, signal: Signal) -> Levels {
        let found = Signal::ALL.into_iter().zip(self.levels).find(|(other, _)| *other == signal);
        found.map_or(Levels::off(1.0), |(_, levels)| levels)
    }

    /// How long all signals have to be below the levels of a state before it is left, each time for the next better
    /// one.
    pub fn hold(&self) -> Duration {
        self.hold
    }

    /// The worst state that a sample stands for, and the signal that says so.
    pub(crate) fn entered(&self, sample: &Sample) -> (GuardState, Option<Signal>) {
        self.worst(sample, |_| 1.0)
    }

    /// The worst state that a sample is still too bad to leave, and the signal that says so. Never better than
    /// [`Self::entered`].
    pub(crate) fn kept(&self, sample: &Sample) -> (GuardState, Option<Signal>) {
        self.worst(sample, |levels| levels.release)
    }

    fn worst(&self, sample: &Sample, share: impl Fn(Levels) -> f64) -> (GuardState, Option<Signal>) {
        let mut worst = (GuardState::Normal, 0.0, None);
        for (signal, levels) in Signal::ALL.into_iter().zip(self.levels) {
            let Some(value) = signal.value(sample) else { continue };
            let (state, times) = levels.reached(value, share(levels));
            // Of two signals for the same state, the one that is further beyond its level.
            if state > worst.0 || (state == worst.0 && times > worst.1) {
                worst = (state, times, Some(signal));
            }
        }
        (worst.0, worst.2)
    }
}

fn parse_levels(signal: Signal, text: &str, usual_release: f64) -> Result<Levels, GuardThresholdsError> {
    let name = signal.as_str();
    if text == "off" {
        return Ok(Levels::off(usual_release));
    }
    let (text, release) = match text.split_once('@') {
        Some((text, share)) => {
            let share = number_between(share.trim(), 0.1, 1.0);
            (text, share.ok_or(GuardThresholdsError::Release { signal: name })?)
        }
        None => (text, usual_release),
    };
    let mut parts = text.split('/').map(str::trim);
    let (Some(slow), Some(defer), Some(reject), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(GuardThresholdsError::NotLevels { signal: name });
    };
    let level = |text: &str| match text {
        "off" => Ok(None),
        text => {
            let level: f64 = text.parse().map_err(|_| GuardThresholdsError::NotLevels { signal: name })?;
            let highest = signal.highest();
            if level > 0.0 && level <= f64::from(highest) {
                Ok(Some(level))
            } else {
                Err(GuardThresholdsError::OutOfRange { signal: name, highest })
            }
        }
    };
    let levels = Levels { slow: level(slow)?, defer: level(defer)?, reject: level(reject)?, release };
    let given: Vec<f64> = [levels.slow, levels.defer, levels.reject].into_iter().flatten().collect();
    if !given.is_sorted() {
        return Err(GuardThresholdsError::NotRising { signal: name });
    }
    if signal == Signal::Cpu && levels.reject.is_some() {
        return Err(GuardThresholdsError::CpuRejects);
    }
    Ok(levels)
}

fn number_between(text: &str, least: f64, most: f64) -> Option<f64> {
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

impl fmt::Display for GuardThresholds {
    /// As [`Self::set`] reads it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (signal, levels) in Signal::ALL.into_iter().zip(self.levels) {
            let text = |level: Option<f64>| level.map_or("off".to_owned(), |level| level.to_string());
            let (slow, defer, reject) = (text(levels.slow), text(levels.defer), text(levels.reject));
            write!(formatter, "{}={slow}/{defer}/{reject}@{}, ", signal.as_str(), levels.release)?;
        }
        write!(formatter, "hold_seconds={}", self.hold.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        let mut thresholds = GuardThresholds::default();
        let error = thresholds.set(text).unwrap_err().to_string();
        assert_eq!(thresholds, GuardThresholds::default(), "nothing is set: {text}");
        error
    }

    #[test]
    fn every_threshold_can_be_set() {
        for signal in Signal::ALL {
            let mut thresholds = GuardThresholds::default();
            thresholds.set(&format!(" {} = 0.2/0.3/off @ 0.5 ,", signal.as_str())).unwrap();
            let expected = Levels { slow: Some(0.2), defer: Some(0.3), reject: None, release: 0.5 };
            assert_eq!(thresholds.levels(signal), expected);
            thresholds.set(&format!("{}=0.2/off/off", signal.as_str())).unwrap();
            assert_eq!(thresholds.levels(signal), Levels { defer: None, ..expected });
            thresholds.set(&format!("{}=off", signal.as_str())).unwrap();
            assert_eq!(thresholds.levels(signal), Levels::off(0.5));
        }
        let mut thresholds = GuardThresholds::default();
        thresholds.set("hold_seconds=7.5").unwrap();
        assert_eq!(thresholds.hold(), Duration::from_millis(7_500));
    }

    #[test]
    fn what_is_not_named_stays() {
        let mut thresholds = GuardThresholds::default();
        thresholds.set("").unwrap();
        assert_eq!(thresholds, GuardThresholds::default());
        thresholds.set("memory=0.5/0.6/0.7").unwrap();
        let unchanged = GuardThresholds::default().levels(Signal::QueueDelay);
        assert_eq!(thresholds.levels(Signal::QueueDelay), unchanged);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut thresholds = GuardThresholds::default();
        thresholds.set("cpu=0.9/0.99/off@0.75, queue_delay_ms=1/2.5/60000, hold_seconds=0.25").unwrap();
        let mut read = GuardThresholds::default();
        read.set(&thresholds.to_string()).unwrap();
        assert_eq!(read, thresholds);
    }

    #[test]
    fn errors_name_the_signal() {
        for (text, expected) in [
            ("load=1/2/3", "unknown signal"),
            ("memory", "unknown signal"),
            ("memory=0.5", "memory must be three levels"),
            ("memory=0.5/0.6/0.7/0.8", "memory must be three levels"),
            ("memory=a/b/c", "memory must be three levels"),
            ("memory=50/60/70", "memory must have levels above 0 and at most 1"),
            ("in_flight=0/0.5/1", "in_flight must have levels above 0 and at most 1"),
            ("io_pressure=NaN/off/off", "io_pressure must have levels above 0 and at most 100"),
            ("cpu_pressure=10/20/101", "cpu_pressure must have levels above 0 and at most 100"),
            ("queue_delay_ms=1/2/inf", "queue_delay_ms must have levels above 0 and at most 60000"),
            ("memory_pressure=30/20/40", "memory_pressure must have levels that rise"),
            ("memory_pressure=30/off/20", "memory_pressure must have levels that rise"),
            ("cpu=0.7/0.8/0.9", "cpu must have `off` as its last level"),
            ("memory=off, memory=off", "memory is set twice"),
            ("hold_seconds=0", "hold_seconds must be between"),
            ("hold_seconds=NaN", "hold_seconds must be between"),
            ("memory=0.5/0.6/0.7@1.1", "memory must have a number between"),
            ("memory=0.5/0.6/0.7@", "memory must have a number between"),
        ] {
            let error = refusal(text);
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }

    #[test]
    fn by_default_each_state_has_its_levels() {
        use GuardState::{Defer, Normal, Reject, Slow};
        let idle = Sample { in_flight_limit: 100, ..Sample::default() };
        let ms = Duration::from_millis;
        for (sample, expected) in [
            (idle, Normal),
            (Sample { cpu: Some(1.0), ..idle }, Normal),
            (Sample { memory: Some(0.89), ..idle }, Normal),
            (Sample { memory: Some(0.9), ..idle }, Slow),
            (Sample { memory: Some(0.96), ..idle }, Defer),
            (Sample { memory: Some(0.98), ..idle }, Reject),
            (Sample { cpu_pressure: Some(100.0), ..idle }, Slow),
            (Sample { memory_pressure: Some(24.9), ..idle }, Slow),
            (Sample { memory_pressure: Some(25.0), ..idle }, Defer),
            (Sample { memory_pressure: Some(100.0), ..idle }, Reject),
            (Sample { io_pressure: Some(100.0), ..idle }, Slow),
            (Sample { in_flight: 100, ..idle }, Slow),
            (Sample { queue_delay: ms(49), ..idle }, Normal),
            (Sample { queue_delay: ms(50), ..idle }, Slow),
            (Sample { queue_delay: ms(250), ..idle }, Defer),
            (Sample { queue_delay: ms(1_000), ..idle }, Reject),
        ] {
            assert_eq!(GuardThresholds::default().entered(&sample).0, expected, "{sample:?}");
        }
    }

    #[test]
    fn the_signal_that_is_furthest_beyond_its_level_binds() {
        let thresholds = GuardThresholds::default();
        let sample = Sample {
            memory: Some(0.9),
            cpu_pressure: Some(99.0),
            queue_delay: Duration::from_millis(51),
            ..Sample::default()
        };
        assert_eq!(thresholds.entered(&sample), (GuardState::Slow, Some(Signal::CpuPressure)));
        let sample = Sample { memory: Some(0.96), ..sample };
        assert_eq!(thresholds.entered(&sample), (GuardState::Defer, Some(Signal::Memory)));
    }
}
