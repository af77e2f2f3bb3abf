//! Everything that is counted about requests since the process started. Counting is a few atomic additions; what is
//! counted is read by `/metrics`.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::StatusCode;
use turnkeep_guard::endpoint::Endpoint;
use turnkeep_guard::layer::Layer;
use turnkeep_guard::resource::priority::Priority;
use turnkeep_service::failure::Failure;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;

use crate::telemetry::counters::Counters;
use crate::telemetry::label::Label;
use crate::telemetry::latency::{Latency, LatencyReading};
use crate::telemetry::limit_outcome::LimitOutcome;
use crate::telemetry::parked::Parked;
use crate::telemetry::route_label::RouteLabel;
use crate::telemetry::shed_reason::ShedReason;
use crate::telemetry::status_class::StatusClass;
use crate::telemetry::token_refusal::TokenRefusal;
use crate::telemetry::usage_outcome::UsageOutcome;

/// The counters of a server.
#[derive(Debug)]
pub(crate) struct RequestMetrics {
    pub(crate) requests: Counters<(RouteLabel, StatusClass)>,
    latencies: Vec<(RouteLabel, Latency)>,
    pub(crate) limited: Counters<(Endpoint, Layer, LimitOutcome)>,
    pub(crate) shed: Counters<(Priority, ShedReason)>,
    tokens_issued: AtomicU64,
    pub(crate) tokens_refused: Counters<(TokenRefusal,)>,
    pub(crate) usage_events: Counters<(UsageOutcome,)>,
    parked: AtomicUsize,
}

impl Default for RequestMetrics {
    fn default() -> Self {
        Self {
            requests: Counters::default(),
            latencies: RouteLabel::all().map(|route| (route, Latency::default())).collect(),
            limited: Counters::default(),
            shed: Counters::default(),
            tokens_issued: AtomicU64::default(),
            tokens_refused: Counters::default(),
            usage_events: Counters::default(),
            parked: AtomicUsize::default(),
        }
    }
}

impl RequestMetrics {
    /// An answered request.
    pub(crate) fn count_request(&self, route: RouteLabel, status: StatusCode, elapsed: Duration) {
        self.requests.count((route, status.into()));
        if let Some((_, latency)) = self.latencies.iter().find(|(of, _)| *of == route) {
            latency.observe(elapsed);
        }
    }

    /// A request over a limit, which was refused, or in a dry run served all the same.
    pub(crate) fn count_limited(&self, endpoint: Endpoint, layer: Layer, dry_run: bool) {
        let outcome = if dry_run { LimitOutcome::DryRun } else { LimitOutcome::Refused };
        self.limited.count((endpoint, layer, outcome));
    }

    /// A request that was turned away or held back because there was too much to do.
    pub(crate) fn count_shed(&self, priority: Priority, reason: ShedReason) {
        self.shed.count((priority, reason));
    }

    /// A token that was given to its app.
    pub(crate) fn count_issued(&self) {
        self.tokens_issued.fetch_add(1, Ordering::Relaxed);
    }

    /// Why a token was refused, unless it was by a fault.
    pub(crate) fn count_refused(&self, failure: &Failure<IssueTokenDenial>) {
        match failure {
            Failure::Denied(denial) => self.tokens_refused.count((denial.into(),)),
            Failure::Fault(_) => {}
        }
    }

    /// Reported usage events.
    pub(crate) fn count_usage(&self, outcome: UsageOutcome, events: u64) {
        self.usage_events.add((outcome,), events);
    }

    /// A refusal whose answer waits for its turn, until what is returned is dropped.
    pub(crate) fn park(&self) -> Parked<'_> {
        Parked::in_place(&self.parked)
    }

    /// Tokens that were issued.
    pub(crate) fn tokens_issued(&self) -> u64 {
        self.tokens_issued.load(Ordering::Relaxed)
    }

    /// Refusals that wait for their turn.
    pub(crate) fn parked(&self) -> usize {
        self.parked.load(Ordering::Relaxed)
    }

    /// How long requests took.
    pub(crate) fn latencies(&self) -> impl Iterator<Item = (RouteLabel, LatencyReading)> {
        self.latencies.iter().map(|(route, latency)| (*route, latency.read()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_parked_as_long_as_it_waits_whatever_ends_it() {
        let metrics = RequestMetrics::default();
        let (first, second) = (metrics.park(), metrics.park());
        assert_eq!(metrics.parked(), 2);
        drop(first);
        assert_eq!(metrics.parked(), 1);
        drop(second);
        assert_eq!(metrics.parked(), 0);
    }
}
