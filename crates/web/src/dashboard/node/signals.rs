//! What the resource guard measures, in words, with units, and with the limits that it is configured with.

use turnkeep_console::dashboard::node::SignalItem;
use turnkeep_guard::resource::resource_guard::ResourceGuard;
use turnkeep_guard::resource::signal::Signal;

/// All of them.
pub(super) fn signals(guard: &ResourceGuard) -> Vec<SignalItem> {
    let sample = guard.latest();
    let item = |signal: Signal| {
        let levels = guard.thresholds().levels(signal);
        let value = sample.and_then(|sample| signal.value(&sample));
        SignalItem {
            code: signal.as_str(),
            name: name_of(signal),
            now: value.map(|value| with_unit(signal, value)),
            limits: [levels.slow, levels.defer, levels.reject]
                .map(|level| level.map(|level| with_unit(signal, level))),
        }
    };
    Signal::ALL.map(item).to_vec()
}

/// What is measured.
pub(super) const fn name_of(signal: Signal) -> &'static str {
    match signal {
        Signal::Cpu => "Processors in use",
        Signal::Memory => "Memory in use",
        Signal::CpuPressure => "Time in which something waits for a processor",
        Signal::MemoryPressure => "Time in which everything waits for memory",
        Signal::IoPressure => "Time in which everything waits for a disk",
        Signal::InFlight => "Places for use cases that are taken",
        Signal::QueueDelay => "Wait before a request begins",
        Signal::TurnedAway => "Token and introspection requests that do not fit",
    }
}

fn with_unit(signal: Signal, value: f64) -> String {
    match signal {
        Signal::Cpu | Signal::Memory | Signal::InFlight | Signal::TurnedAway => percent(value * 100.0),
        Signal::CpuPressure | Signal::MemoryPressure | Signal::IoPressure => percent(value),
        Signal::QueueDelay => format!("{} ms", to_a_tenth(value)),
    }
}

fn percent(value: f64) -> String {
    format!("{} %", to_a_tenth(value))
}

/// No more digits than anybody reads.
fn to_a_tenth(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use turnkeep_guard::resource::guard_state::GuardState;
    use turnkeep_guard::resource::resource_guard::fixed;

    use super::*;

    #[test]
    fn every_signal_has_its_unit() {
        for (signal, value, expected) in [
            (Signal::Cpu, 1.0, "100 %"),
            (Signal::Memory, 0.634_9, "63.5 %"),
            (Signal::CpuPressure, 85.5, "85.5 %"),
            (Signal::MemoryPressure, 0.0, "0 %"),
            (Signal::IoPressure, 7.04, "7 %"),
            (Signal::InFlight, 0.06, "6 %"),
            (Signal::QueueDelay, 12.34, "12.3 ms"),
            (Signal::TurnedAway, 0.01, "1 %"),
        ] {
            assert_eq!(with_unit(signal, value), expected);
        }
    }

    #[test]
    fn limits_are_those_of_the_configuration() {
        let items = signals(&fixed(GuardState::Normal));
        let limits = |code: &str| items.iter().find(|item| item.code == code).unwrap().limits.clone();
        assert_eq!(limits("cpu"), [None, None, None]);
        assert_eq!(limits("cpu_pressure"), [Some("90 %".to_owned()), None, None]);
        assert_eq!(
            limits("queue_delay_ms"),
            ["50 ms", "250 ms", "1000 ms"].map(|text| Some(text.to_owned()))
        );
        assert!(items.iter().all(|item| item.now.is_none()), "nothing is measured yet");
    }
}
