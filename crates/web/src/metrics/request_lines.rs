//! The requests since the start: answers, times, limits, tokens, usage.

use std::fmt;

use crate::metrics::lines::Lines;
use crate::telemetry::request_metrics::RequestMetrics;

pub(super) fn write(lines: &mut Lines<'_>, requests: &RequestMetrics) -> fmt::Result {
    lines.counters("requests", "answered requests", &requests.requests)?;
    lines.histograms("request_duration", "seconds until requests were answered", requests.latencies())?;
    lines.counters("requests_limited", "requests over a rate limit", &requests.limited)?;
    lines.counters("requests_shed", "requests turned away or held back under load", &requests.shed)?;
    lines.gauge("refusals_parked", "refused requests whose answers wait", requests.parked())?;
    lines.counter("tokens_issued", "access tokens issued", requests.tokens_issued())?;
    lines.counters("tokens_refused", "access tokens refused", &requests.tokens_refused)?;
    lines.counters("usage_events", "reported usage events", &requests.usage_events)
}
