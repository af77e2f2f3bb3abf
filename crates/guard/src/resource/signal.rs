//! What the resource guard goes by.

use crate::resource::sample::Sample;

/// A figure of a [`Sample`] that has levels of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// How much of the processors is in use, 0 to 1.
    Cpu,
    /// How much of the memory is in use, 0 to 1.
    Memory,
    /// Percent of the time in which something waited for a processor.
    CpuPressure,
    /// Percent of the time in which nothing went on because everything waited for memory.
    MemoryPressure,
    /// Percent of the time in which nothing went on because everything waited for a disk.
    IoPressure,
    /// How many of the places for requests are taken, 0 to 1.
    InFlight,
    /// How long requests wait before anybody begins with them, in milliseconds.
    QueueDelay,
    /// Which part of the requests there is no room for, 0 to 1.
    TurnedAway,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Cpu,
        Self::Memory,
        Self::CpuPressure,
        Self::MemoryPressure,
        Self::IoPressure,
        Self::InFlight,
        Self::QueueDelay,
        Self::TurnedAway,
    ];

    /// Its name in settings, metrics and `/health/node-state`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::CpuPressure => "cpu_pressure",
            Self::MemoryPressure => "memory_pressure",
            Self::IoPressure => "io_pressure",
            Self::InFlight => "in_flight",
            Self::QueueDelay => "queue_delay_ms",
            Self::TurnedAway => "turned_away",
        }
    }

    /// The highest level that makes sense.
    pub(crate) const fn highest(self) -> u32 {
        match self {
            Self::Cpu | Self::Memory | Self::InFlight | Self::TurnedAway => 1,
            Self::CpuPressure | Self::MemoryPressure | Self::IoPressure => 100,
            Self::QueueDelay => 60_000,
        }
    }

    /// Its value in a sample; nothing if the machine has no such figure.
    pub fn value(self, sample: &Sample) -> Option<f64> {
        match self {
            Self::Cpu => sample.cpu,
            Self::Memory => sample.memory,
            Self::CpuPressure => sample.cpu_pressure,
            Self::MemoryPressure => sample.memory_pressure,
            Self::IoPressure => sample.io_pressure,
            Self::InFlight => (sample.in_flight_limit > 0)
                .then(|| f64::from(sample.in_flight) / f64::from(sample.in_flight_limit)),
            Self::QueueDelay => Some(sample.queue_delay.as_secs_f64() * 1_000.0),
            Self::TurnedAway => sample.turned_away,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_signal_reads_its_own_figure() {
        let sample = Sample {
            at: Duration::from_secs(1),
            cpu: Some(0.1),
            memory: Some(0.2),
            cpu_pressure: Some(3.0),
            memory_pressure: Some(4.0),
            io_pressure: Some(5.0),
            in_flight: 6,
            in_flight_limit: 10,
            queue_delay: Duration::from_millis(7),
            turned_away: Some(0.8),
        };
        let values = Signal::ALL.map(|signal| signal.value(&sample).unwrap());
        assert_eq!(values, [0.1, 0.2, 3.0, 4.0, 5.0, 0.6, 7.0, 0.8]);
    }

    #[test]
    fn what_a_machine_cannot_tell_is_no_signal() {
        let values = Signal::ALL.map(|signal| signal.value(&Sample::default()));
        assert_eq!(values, [None, None, None, None, None, None, Some(0.0), None]);
    }
}
