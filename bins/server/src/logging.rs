//! Logs go to standard error, as text or one JSON object a line.

use std::io::IsTerminal;

use anyhow::anyhow;
use tracing_subscriber::EnvFilter;

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

/// Starts logging for the process.
pub(crate) fn start(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    // Whoever sends a malformed request should not fill the log with errors; the answer tells them.
    let filter = EnvFilter::try_new(format!("actix_http::h1::dispatcher=off,{filter}")).map_err(|_| {
        anyhow!("log: must be a level such as info, or targets with levels such as info,turnkeep_web=debug")
    })?;
    // Complaining about a standard error that is gone would end the thread that has something to say.
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    let started = match format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow!("logging cannot be started: {error}"))
}
