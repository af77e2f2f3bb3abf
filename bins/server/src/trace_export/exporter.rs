//! Spans go to the collector in batches, from a thread of their own: requests wait for nothing. What does not fit into the
//! queue, as when the collector is gone, is dropped.

use std::time::Duration;

use anyhow::anyhow;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing::{Subscriber, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use turnkeep_web::request_span::SPAN_TARGET;

use crate::trace_export::sampling::OwnRatio;
use crate::trace_export::settings::TraceSettings;

/// How long the collector may take for a batch.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the process stays for the last batch when it is told to stop.
const LAST_BATCH: Duration = Duration::from_secs(2);

/// The export of a process.
#[derive(Debug)]
pub(crate) struct TraceExport(SdkTracerProvider);

impl TraceExport {
    /// Starts the thread that exports. Connects to nobody yet.
    pub(crate) fn start(settings: &TraceSettings) -> anyhow::Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(settings.endpoint.traces())
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| anyhow!("traces cannot be exported: {error}"))?;
        let resource = Resource::builder()
            .with_service_name("turnkeep")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(OwnRatio::new(settings.sample_ratio))
            .with_resource(resource)
            .build();
        Ok(Self(provider))
    }

    /// What makes traces of our own spans, and of nothing that a library or a log line says.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("turnkeep"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target(SPAN_TARGET, LevelFilter::DEBUG))
    }

    /// Sends what is left, if the collector takes it.
    pub(crate) fn stop(self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST_BATCH) {
            warn!(%error, "the last traces were not exported");
        }
    }
}
