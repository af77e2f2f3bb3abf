//! The resource guard: its state, and what it goes by.

use std::fmt;

use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::resource_guard::ResourceGuard;
use turnkeep_guard::resource::signal::Signal;

use crate::metrics::lines::Lines;

pub(super) fn write(lines: &mut Lines<'_>, guard: &ResourceGuard) -> fmt::Result {
    let now = guard.state();
    lines.gauges("guard_state", "1 for the state of the resource guard, 0 for the others", |state| {
        Some(u64::from(now == state))
    })?;
    lines.gauge_of_seconds("guard_state_age", "seconds since the guard changed its state", guard.since())?;
    lines.counters_of("guard_transitions", "how often a state was entered", |state: GuardState| {
        Some(guard.transitions(state))
    })?;
    let latest = guard.latest();
    // What a machine cannot tell has no line, but a description.
    lines.gauges("guard_signal", "what the guard goes by, each in its own unit", |signal: Signal| {
        latest.as_ref().and_then(|sample| signal.value(sample))
    })?;
    let binding = guard.binding();
    lines.gauges("guard_binding", "1 for the signal that made the state so", |signal: Signal| {
        Some(u64::from(binding == Some(signal)))
    })
}
