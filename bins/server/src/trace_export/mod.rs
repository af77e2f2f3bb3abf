//! Traces for an OpenTelemetry collector (OTLP over HTTP), off unless a collector is named. The only place that knows
//! OpenTelemetry: everything else makes spans of `tracing`.

pub(crate) mod exporter;
pub(crate) mod remote_parent;
pub(crate) mod settings;

mod sampling;
