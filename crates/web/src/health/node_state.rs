//! What this node knows of itself, for a person who looks at it.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use turnkeep_guard::resource::resource_guard::ResourceGuard;
use turnkeep_guard::resource::signal::Signal;

use crate::state::WebState;

/// The same facts as the metrics. Asks nothing of anybody, so that it answers when nothing else does.
pub(crate) async fn node_state(state: web::Data<WebState>) -> HttpResponse {
    let node = state.authority.status();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "node_id": node.node.map(|id| id.to_string()),
        "guard": state.resource_guard.get().map(|found| guard(found)),
        "lease": {
            "valid": node.is_in_step,
            "age_seconds": node.looked_ago.map(seconds),
        },
        "change_log": {
            "applied": node.applied.as_number(),
            "behind": node.behind,
        },
        "memory": {
            "apps": node.apps_in_memory,
            "absences": node.absences_in_memory,
            "app_loads": node.app_loads,
        },
        "slow_hashes": node.slow_hashes,
        "password_hashes": node.password_hashes,
        "backlog": {
            "secret_uses": node.backlog.secret_uses,
            "refusals": node.backlog.refusals,
            "given_up": node.backlog.given_up,
        },
        "mutations": {
            "count": node.mutations,
            "seconds_waited": seconds(node.mutations_waited),
            "nodes_fenced": node.nodes_fenced,
        },
        "shared_limits_gone": state.shared_limits.get().map(|shared| shared.is_gone()),
        "requests_in_flight": state.in_flight.in_flight(),
        "requests_in_flight_limit": state.in_flight.limit(),
        "refusals_parked": state.metrics.parked(),
        "polls_waiting": state.kill_watch.waiting(),
    }))
}

fn guard(guard: &ResourceGuard) -> Value {
    let sample = guard.latest().map(|sample| {
        let values = Signal::ALL.into_iter().map(|signal| (signal.as_str(), signal.value(&sample)));
        values.collect::<BTreeMap<&str, Option<f64>>>()
    });
    json!({
        "state": guard.state().as_str(),
        "since_seconds": seconds(guard.since()),
        "binding": guard.binding().map(Signal::as_str),
        "sample": sample,
    })
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
