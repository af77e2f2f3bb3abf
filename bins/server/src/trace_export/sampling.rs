//! Which traces are exported. A caller's trace goes on here, but no caller decides how many we export.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

/// A fixed part of all traces, chosen by their ids, so that several services choose the same ones; and nothing of a trace
/// that whoever began it does not record.
#[derive(Debug, Clone)]
pub(super) struct OwnRatio(Sampler);

impl OwnRatio {
    pub(super) fn new(ratio: f64) -> Self {
        Self(Sampler::TraceIdRatioBased(ratio))
    }
}

impl ShouldSample for OwnRatio {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let mut result = self.0.should_sample(parent, trace_id, name, kind, attributes, links);
        if let Some(parent) = parent.filter(|parent| parent.has_active_span()) {
            let span = parent.span();
            let parent = span.span_context();
            match (parent.is_sampled(), parent.is_remote()) {
                (false, _) => result.decision = SamplingDecision::Drop,
                (true, true) => {}
                // Within this process a trace is exported as a whole.
                (true, false) => result.decision = SamplingDecision::RecordAndSample,
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceState};

    use super::*;

    fn is_sampled(ratio: f64, parent: Option<(bool, bool)>) -> bool {
        let trace_id = TraceId::from(0x8000_0000_0000_0000_8000_0000_0000_0001);
        let parent = parent.map(|(sampled, remote)| {
            let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::NOT_SAMPLED };
            let span = SpanContext::new(trace_id, SpanId::from(1), flags, remote, TraceState::NONE);
            Context::new().with_remote_span_context(span)
        });
        let sampler = OwnRatio::new(ratio);
        let result = sampler.should_sample(parent.as_ref(), trace_id, "x", &SpanKind::Server, &[], &[]);
        result.decision == SamplingDecision::RecordAndSample
    }

    #[test]
    fn callers_can_spare_us_a_trace_but_not_force_one_upon_us() {
        for (ratio, parent, expected) in [
            (1.0, None, true),
            (0.0, None, false),
            (1.0, Some((true, true)), true),
            (1.0, Some((false, true)), false),
            (0.0, Some((true, true)), false),
            (0.0, Some((true, false)), true),
            (1.0, Some((false, false)), false),
        ] {
            assert_eq!(is_sampled(ratio, parent), expected, "{ratio} {parent:?}");
        }
    }
}
