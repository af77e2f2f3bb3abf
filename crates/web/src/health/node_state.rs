//! What this node knows of itself, for a person who looks at it.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::state::WebState;

/// The same facts as the metrics. Asks nothing of anybody, so that it answers when nothing else does.
pub(crate) async fn node_state(state: web::Data<WebState>) -> HttpResponse {
    let node = state.authority.status();
    let secs = |duration: std::time::Duration| duration.as_secs_f64();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "in_step": node.is_in_step,
        "applied": node.applied.as_number(),
        "seconds_since_look": node.looked_ago.map(secs),
        "memory": {
            "apps": node.apps_in_memory,
            "absences": node.absences_in_memory,
            "app_loads": node.app_loads,
        },
        "slow_hashes": node.slow_hashes,
        "backlog": {
            "secret_uses": node.backlog.secret_uses,
            "refusals": node.backlog.refusals,
            "given_up": node.backlog.given_up,
        },
        "mutations": {
            "count": node.mutations,
            "seconds_waited": secs(node.mutations_waited),
            "nodes_fenced": node.nodes_fenced,
        },
        "requests_in_flight": state.in_flight.in_flight(),
        "polls_waiting": state.kill_watch.waiting(),
    }))
}
