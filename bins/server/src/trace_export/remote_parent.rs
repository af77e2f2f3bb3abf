//! The trace that a caller has begun (W3C Trace Context, `traceparent`). Its `tracestate` is left out: that is a text of
//! the caller's own, which would end up with the collector.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::FutureExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;

const TRACEPARENT: &str = "traceparent";

/// Answers a request as part of its caller's trace. Only used where traces are exported.
pub(crate) async fn within_callers_trace<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let parent = parent_of(request.headers());
    next.call(request).with_context(parent).await
}

/// What is no valid parent is none.
fn parent_of(headers: &HeaderMap) -> Context {
    TraceContextPropagator::new().extract_with_context(&Context::new(), &Parent(headers))
}

struct Parent<'a>(&'a HeaderMap);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        if key != TRACEPARENT {
            return None;
        }
        let mut values = self.0.get_all(TRACEPARENT);
        let value = values.next()?;
        // Two parents are none.
        if values.next().is_some() { None } else { value.to_str().ok() }
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use opentelemetry::trace::TraceContextExt;

    use super::*;

    const VALID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn parent(headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let context = parent_of(&map);
        let span = context.span();
        let span = span.span_context();
        format!("{}-{}-{}", span.trace_id(), span.span_id(), span.trace_state().header())
    }

    #[test]
    fn a_valid_parent_is_taken_without_what_else_the_caller_says() {
        let expected = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
        assert_eq!(parent(&[("traceparent", VALID)]), expected);
        assert_eq!(parent(&[("traceparent", VALID), ("tracestate", "vendor=text")]), expected);
    }

    #[test]
    fn what_is_no_parent_is_none() {
        let none = "00000000000000000000000000000000-0000000000000000-";
        for value in ["", "00", "zz-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "' OR 1=1 --"] {
            assert_eq!(parent(&[("traceparent", value)]), none, "{value}");
        }
        assert_eq!(parent(&[]), none);
        assert_eq!(parent(&[("traceparent", VALID), ("traceparent", VALID)]), none);
    }
}
