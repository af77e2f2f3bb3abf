//! What a node knows of itself as OpenMetrics text. No label comes from a client, so the number of series is fixed.

use std::fmt;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, EncodeMetric};
use prometheus_client::metrics::TypedMetric;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};
use turnkeep_service::node_status::NodeStatus;

use crate::error::api_error::ApiError;
use crate::state::WebState;

/// `/metrics`. Asks nothing of anybody, so that it answers when nothing else does.
pub(crate) async fn metrics(state: web::Data<WebState>) -> Result<HttpResponse, ApiError> {
    let mut registry = Registry::with_prefix("turnkeep");
    registry.register_collector(Box::new(Facts {
        node: state.authority.status(),
        requests_in_flight: state.in_flight.in_flight(),
        polls_waiting: state.kill_watch.waiting(),
    }));
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| ApiError::Internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(text))
}

/// Everything at one moment.
#[derive(Debug)]
struct Facts {
    node: NodeStatus,
    requests_in_flight: usize,
    polls_waiting: usize,
}

impl Collector for Facts {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let node = &self.node;
        let mut lines = Lines(encoder);
        lines.gauge("in_step", "whether this node may answer: 1 or 0", u64::from(node.is_in_step))?;
        lines.gauge(
            "applied_sequence",
            "the last change that this node has applied",
            node.applied.as_number(),
        )?;
        if let Some(looked_ago) = node.looked_ago {
            lines.gauge_of_seconds("since_look", "seconds since this node looked for changes", looked_ago)?;
        }
        lines.gauge("apps_in_memory", "apps in memory", node.apps_in_memory)?;
        lines.gauge("absences_in_memory", "client ids in memory that nobody has", node.absences_in_memory)?;
        lines.counter("app_loads", "apps, or their absence, read from the database", node.app_loads)?;
        lines.counter("slow_hashes", "slow hashes that have run", node.slow_hashes)?;
        let backlog = &node.backlog;
        lines.gauge(
            "last_uses_waiting",
            "last uses of secrets that wait to be written",
            backlog.secret_uses,
        )?;
        lines.gauge("refusals_waiting", "refusals that wait to be written", backlog.refusals)?;
        lines.counter("notes_given_up", "notes given up because too many waited", backlog.given_up)?;
        lines.counter("mutations", "changes that this process made", node.mutations)?;
        let waited = node.mutations_waited;
        lines.counter_of_seconds(
            "mutations_waited",
            "seconds that changes waited for other nodes",
            waited,
        )?;
        lines.counter("nodes_fenced", "leases of other nodes that changes waited out", node.nodes_fenced)?;
        lines.gauge(
            "requests_in_flight",
            "use cases that run or wait for a thread",
            self.requests_in_flight,
        )?;
        lines.gauge("polls_waiting", "polls of kill marks that wait for news", self.polls_waiting)
    }
}

struct Lines<'a>(DescriptorEncoder<'a>);

impl Lines<'_> {
    fn gauge(&mut self, name: &str, help: &str, value: impl EncodeGaugeValue) -> fmt::Result {
        self.line(name, help, None, &ConstGauge::new(value))
    }

    fn counter(&mut self, name: &str, help: &str, value: impl EncodeCounterValue) -> fmt::Result {
        self.line(name, help, None, &ConstCounter::new(value))
    }

    fn gauge_of_seconds(&mut self, name: &str, help: &str, value: Duration) -> fmt::Result {
        self.line(name, help, Some(&Unit::Seconds), &ConstGauge::new(value.as_secs_f64()))
    }

    fn counter_of_seconds(&mut self, name: &str, help: &str, value: Duration) -> fmt::Result {
        self.line(name, help, Some(&Unit::Seconds), &ConstCounter::new(value.as_secs_f64()))
    }

    fn line<M: EncodeMetric + TypedMetric>(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
        metric: &M,
    ) -> fmt::Result {
        metric.encode(self.0.encode_descriptor(name, help, unit, M::TYPE)?)
    }
}
