//! Logs go to standard error, as text or one JSON object a line. Spans go to a collector, if one is named.

use std::io::IsTerminal;

use anyhow::anyhow;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use crate::trace_export::exporter::TraceExport;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl LogFormat {
    /// `text` or `json`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be text or json"),
        }
    }
}

/// Starts logging for the process, and making spans for whoever exports them.
pub(crate) fn start(filter: &str, format: LogFormat, traces: Option<&TraceExport>) -> anyhow::Result<()> {
    // Whoever sends a malformed request should not fill the log with errors; the answer tells them.
    let filter = EnvFilter::try_new(format!("actix_http::h1::dispatcher=off,{filter}")).map_err(|_| {
        anyhow!("log: must be a level such as info, or targets with levels such as info,turnkeep_web=debug")
    })?;
    let started = match traces {
        // Each of them sees only what it asks for.
        Some(traces) => registry().with(traces.layer()).with(lines(format).with_filter(filter)).try_init(),
        None => registry().with(filter).with(lines(format)).try_init(),
    };
    started.map_err(|error| anyhow!("logging cannot be started: {error}"))
}

fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    // Complaining about a standard error that is gone would end the thread that has something to say.
    let layer = fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    match format {
        LogFormat::Text => layer.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    }
}
