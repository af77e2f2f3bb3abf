//! The node itself: whether it is in step, what it has in memory, what waits.

use std::fmt;

use crate::metrics::lines::Lines;
use crate::state::WebState;

pub(super) fn write(lines: &mut Lines<'_>, state: &WebState) -> fmt::Result {
    let node = state.authority.status();
    lines.info("build", "what runs here", &[("version", env!("CARGO_PKG_VERSION"))])?;
    lines.gauge("in_step", "whether this node may answer: 1 or 0", u64::from(node.is_in_step))?;
    lines.gauge(
        "applied_sequence",
        "the last change that this node has applied",
        node.applied.as_number(),
    )?;
    lines.gauge("changes_behind", "changes that are known of and not applied", node.behind)?;
    if let Some(looked_ago) = node.looked_ago {
        lines.gauge_of_seconds("since_look", "seconds since this node looked for changes", looked_ago)?;
    }
    lines.gauge("apps_in_memory", "apps in memory", node.apps_in_memory)?;
    lines.gauge("absences_in_memory", "client ids in memory that nobody has", node.absences_in_memory)?;
    lines.counter("app_loads", "apps, or their absence, read from the database", node.app_loads)?;
    lines.counter("slow_hashes", "slow hashes that have run", node.slow_hashes)?;
    lines.counter("password_hashes", "hashes of passwords of people", node.password_hashes)?;
    let backlog = &node.backlog;
    lines.gauge("last_uses_waiting", "last uses of secrets that wait to be written", backlog.secret_uses)?;
    lines.gauge("refusals_waiting", "refusals that wait to be written", backlog.refusals)?;
    lines.counter("notes_given_up", "notes given up because too many waited", backlog.given_up)?;
    lines.counter("mutations", "changes that this process made", node.mutations)?;
    let waited = node.mutations_waited;
    lines.counter_of_seconds("mutations_waited", "seconds that changes waited for other nodes", waited)?;
    lines.counter("nodes_fenced", "leases of other nodes that changes waited out", node.nodes_fenced)?;
    let in_flight = state.in_flight.in_flight();
    lines.gauge("requests_in_flight", "use cases that run or wait for a thread", in_flight)?;
    lines.gauge(
        "requests_in_flight_limit",
        "how many of them there may be at the moment",
        state.in_flight.limit(),
    )?;
    let gone = state.shared_limits.get().map(|shared| u64::from(shared.is_gone()));
    lines.gauge_if_any("shared_limits_gone", "1 while limits cannot be counted with other nodes", gone)?;
    let waiting = state.kill_watch.waiting();
    lines.gauge("polls_waiting", "polls of kill marks that wait for news", waiting)
}
