//! `turnkeep usage`: what apps have used in Document Units (seed 000 §4).

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::MAX_EVENTS_AT_ONCE;
use turnkeep_protocol::rfc3339::{format_utc, parse_rfc3339};

use crate::remote::call::Call;
use crate::remote::fields::read_document;
use crate::remote::flags::OutputFormat;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, cell, find};

const WINDOWS: &[Column] = &[
    ("WINDOW", "window"),
    ("USED", "used"),
    ("LIMIT", "limit"),
    ("%", "percent"),
    ("STATUS", "status"),
    ("RESETS", "resets_at"),
];

const SUMS: &[Column] = &[("WINDOW", "window"), ("USED", "used"), ("RESETS", "resets_at")];

const APPS: &[Column] = &[
    ("APP ID", "app_id"),
    ("NAME", "name"),
    ("STATUS", "status"),
    ("%", "percent"),
    ("BINDING WINDOW", "binding_window"),
    ("PLAN", "plan"),
    ("USED THIS MONTH", "used_this_month"),
];

const HISTORY: &[Column] = &[("STARTED", "starts_at"), ("USED", "used")];

const REFUSED: &[Column] = &[("ID", "id"), ("CODE", "code")];

/// What can be done with usage.
#[derive(Debug, Subcommand)]
pub(crate) enum UsageVerb {
    /// Show what an app or the apps of a tenant have used, and what of their limits that is
    #[command(
        after_help = "Examples:\n  turnkeep usage show app_… --history day\n  turnkeep usage show --tenant ten_…"
    )]
    Show(ShowUsage),
    /// Report what apps have used of a resource that one serves; needs a token with the scope turnkeep.meter
    #[command(
        after_help = "Example of a line:\n  {\"id\":\"7f3a-1\",\"app_id\":\"app_…\",\"units\":3,\"occurred_at\":\"2026-11-21T21:00:00Z\"}"
    )]
    Report {
        /// File with an event of JSON per line; `-` is standard input. What was reported before counts once
        file: PathBuf,
    },
}

/// `usage show`.
#[derive(Debug, Args)]
pub(crate) struct ShowUsage {
    /// The app; without it the one that calls
    app: Option<AppId>,
    /// All apps of this tenant, nearest to a limit first
    #[arg(long, value_name = "TENANT", conflicts_with_all = ["app", "history", "from", "to"])]
    tenant: Option<TenantId>,
    /// Past windows too
    #[arg(long, value_name = "WINDOW", value_parser = ["hour", "day", "week", "month"])]
    history: Option<String>,
    /// Only past windows that start then or later
    #[arg(long, value_name = "TIME", value_parser = parse_rfc3339, requires = "history")]
    from: Option<Timestamp>,
    /// Only past windows that start before
    #[arg(long, value_name = "TIME", value_parser = parse_rfc3339, requires = "history")]
    to: Option<Timestamp>,
}

impl RemoteCommand for UsageVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::Show(flags) => flags.run(session),
            Self::Report { file } => {
                let report = report(session, &events_of(&read_document(&file)?)?)?;
                show_report(session, &report);
                Ok(())
            }
        }
    }
}

impl ShowUsage {
    fn run(self, session: &Session) -> RemoteResult {
        let call = match (self.tenant, self.app) {
            (Some(tenant), _) => Call::get(&[&"tenants", &tenant, &"usage"]),
            (None, Some(app)) => Call::get(&[&"apps", &app, &"usage"]),
            (None, None) => Call::get(&[&"usage"]),
        };
        let call = call
            .query("history", self.history)
            .query("from", self.from.map(format_utc))
            .query("to", self.to.map(format_utc));
        let answer = session.connection.send(&call)?;
        if session.screen.format == OutputFormat::Json {
            session.screen.json(answer.bytes());
            return Ok(());
        }
        let usage = answer.json()?;
        if self.tenant.is_some() {
            session.screen.table(SUMS, list(&usage, "windows"));
            session.screen.text("\n");
            session.screen.table(APPS, list(&usage, "apps"));
        } else {
            show_app(session, &usage);
        }
        Ok(())
    }
}

fn show_app(session: &Session, usage: &Value) {
    let said = |path| find(usage, path).map_or_else(String::new, cell);
    session.screen.text(&format!(
        "plan: {}, status: {}, binding window: {}\n\n",
        said("plan"),
        said("status"),
        said("binding_window")
    ));
    session.screen.table(WINDOWS, list(usage, "windows"));
    if find(usage, "history").is_some() {
        session.screen.text("\n");
        session.screen.table(HISTORY, list(usage, "history"));
    }
}

fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    find(value, path).and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
}

/// The events of a text with one per line; empty lines are passed over.
fn events_of(text: &str) -> RemoteResult<Vec<Value>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let events = lines.map(|(number, line)| {
        serde_json::from_str(line)
            .map_err(|_| RemoteError::Usage(format!("line {} is not JSON", number.saturating_add(1))))
    });
    events.collect()
}

/// Reports as often as it takes, and makes one answer of all.
fn report(session: &Session, events: &[Value]) -> RemoteResult<Value> {
    let (mut counted, mut duplicates, mut refused) = (0, 0, Vec::new());
    let mut apps = BTreeMap::new();
    for some in events.chunks(MAX_EVENTS_AT_ONCE) {
        let call = Call::post(&[&"usage"]).body(&json!({"events": some}));
        let answer = session.connection.send(&call)?.json()?;
        let number = |path| find(&answer, path).and_then(Value::as_u64).unwrap_or(0);
        counted += number("counted");
        duplicates += number("duplicates");
        refused.extend_from_slice(list(&answer, "refused"));
        for app in list(&answer, "apps") {
            // A later answer knows more.
            apps.insert(find(app, "app_id").map_or_else(String::new, cell), app.clone());
        }
    }
    let apps: Vec<Value> = apps.into_values().collect();
    Ok(json!({"counted": counted, "duplicates": duplicates, "refused": refused, "apps": apps}))
}

fn show_report(session: &Session, report: &Value) {
    if session.screen.format == OutputFormat::Json {
        session.screen.json(report.to_string().as_bytes());
        return;
    }
    let refused = list(report, "refused");
    let said = |path| find(report, path).map_or_else(String::new, cell);
    session.screen.text(&format!(
        "counted: {}, duplicates: {}, refused: {}\n",
        said("counted"),
        said("duplicates"),
        refused.len()
    ));
    if !refused.is_empty() {
        session.screen.text("\n");
        session.screen.table(REFUSED, refused);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_event_and_a_bad_one_is_named() {
        let events = events_of("{\"id\":\"1\"}\n\n  \n{\"id\":\"2\"}\n").unwrap();
        assert_eq!(events, [json!({"id": "1"}), json!({"id": "2"})]);
        let refused = events_of("{}\n\nnonsense\n").unwrap_err();
        assert_eq!(refused.to_string(), RemoteError::Usage("line 3 is not JSON".to_owned()).to_string());
        assert_eq!(events_of("").unwrap(), Vec::<Value>::new());
    }
}
