//! `GET /dashboard/node`: the servers that share the database, and how the one that answers is doing. For operators.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::node::{Fact, NodeGuard, NodeItem, NodePage};
use turnkeep_console::parts::amount::grouped;
use turnkeep_console::render::Render;
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::resource_guard::ResourceGuard;
use turnkeep_service::cluster::list_nodes::list_nodes;

use super::levels::levels;
use super::signals::{name_of, signals};
use crate::account::error_page::PageError;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::place::{OperatorPlace, Place};
use crate::dashboard::shown::moment;
use crate::state::WebState;

/// The page.
pub(crate) async fn show_node(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let nodes = dashboard.read(list_nodes).await?;
    let state = &dashboard.person.page.state;
    let this = state.authority.status().node;
    let page = NodePage {
        chrome: dashboard.chrome(Place::Operator(OperatorPlace::Node), Vec::new()),
        path: dashboard.paths().operator_place(OperatorPlace::Node),
        guard: guard(state),
        facts: facts(state),
        nodes: nodes
            .iter()
            .map(|node| NodeItem {
                id: node.id.to_string(),
                applied: grouped(node.applied.as_number()),
                registered_at: moment(node.registered_at),
                is_this: this == Some(node.id),
            })
            .collect(),
    };
    dashboard.page(StatusCode::OK, page.render())
}

fn guard(state: &WebState) -> NodeGuard {
    let level = state.guard_state();
    let guard = state.resource_guard.get();
    let reason = |guard: &Arc<ResourceGuard>| {
        let (seconds, signal) = (guard.since().as_secs(), guard.binding()?);
        Some(format!("For {} s, because of “{}”.", grouped(seconds), name_of(signal)))
    };
    NodeGuard {
        level: level.as_str(),
        is_strained: level != GuardState::Normal,
        reason: guard.and_then(reason),
        levels: levels(level),
        signals: guard.map(|guard| signals(guard)).unwrap_or_default(),
    }
}

fn facts(state: &WebState) -> Vec<Fact> {
    let node = state.authority.status();
    let looked = node
        .looked_ago
        .map_or_else(|| "never".to_owned(), |ago| format!("{} ms ago", grouped(ago.as_millis())));
    let fact = |name, value: String| Fact { name, value };
    vec![
        fact("Version", env!("CARGO_PKG_VERSION").to_owned()),
        fact("Answers from memory", if node.is_in_step { "yes" } else { "no" }.to_owned()),
        fact("Looked for changes", looked),
        fact("Changes applied", grouped(node.applied.as_number())),
        fact("Changes behind", grouped(node.behind)),
        fact("Apps in memory", grouped(node.apps_in_memory)),
        fact(
            "Use cases under way",
            format!("{} of {}", grouped(state.in_flight.in_flight()), grouped(state.in_flight.limit())),
        ),
        fact("Changes made here", grouped(node.mutations)),
        fact("Nodes that were waited out", grouped(node.nodes_fenced)),
        fact("Waiting to be written", grouped(node.backlog.secret_uses + node.backlog.refusals)),
    ]
}
