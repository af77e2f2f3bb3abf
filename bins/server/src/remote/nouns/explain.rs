//! `turnkeep explain`: why an app can or cannot get a token.

use clap::Args;
use serde_json::Value;
use turnkeep_domain::id::AppId;

use crate::command_line::Settings;
use crate::remote::call::Call;
use crate::remote::flags::OutputFormat;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::output::Screen;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, cell, find, printable};
use crate::remote::wrap::wrapped;
use crate::system::terminal_width;

const COLUMNS: &[Column] = &[("CHECK", "check"), ("STATE", "state"), ("SINCE", "since")];

/// `explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Client id of the app, or its id
    #[arg(value_name = "CLIENT_ID")]
    pub(crate) client_id: String,
    /// Where the database is, without a server.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

impl RemoteCommand for Explain {
    fn run(self, session: &Session) -> RemoteResult {
        if self.client_id.parse::<AppId>().is_ok() {
            return explain(session, &self.client_id);
        }
        let call = Call::get(&[&"apps"]).query("client_id", Some(&self.client_id));
        let found = session.connection.send(&call)?.json()?;
        let items = found.get("items").and_then(Value::as_array);
        // A server that does not know the filter answers with other apps.
        let is_meant = |app: &&Value| find(app, "client_id").and_then(Value::as_str) == Some(&self.client_id);
        let app = items.and_then(|items| items.iter().find(is_meant));
        match app.and_then(|app| find(app, "id")).and_then(Value::as_str) {
            Some(id) => explain(session, id),
            None => {
                Err(RemoteError::NotFound("there is no app with this client id, or it is not yours to see"))
            }
        }
    }
}

/// Explains an app by its id.
pub(super) fn explain(session: &Session, app: &str) -> RemoteResult {
    let answer = session.connection.send(&Call::get(&[&"apps", &app, &"explain"]))?;
    if session.screen.format == OutputFormat::Json {
        session.screen.json(answer.bytes());
        return Ok(());
    }
    show_explanation(session.screen, &answer.json()?);
    Ok(())
}

/// Shows an explanation to people.
pub(crate) fn show_explanation(screen: Screen, explanation: &Value) {
    let said = |path| find(explanation, path).map_or_else(String::new, cell);
    let checks = find(explanation, "checks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let for_people = find(explanation, "for_people").and_then(|outcome| for_people(outcome, checks));
    screen.text(&format!(
        "token possible: {}{}, live secrets: {}\n\n",
        said("token_possible"),
        for_people.as_ref().map_or("", |people| people.summary),
        said("live_secrets")
    ));
    screen.table(COLUMNS, checks);
    let reasons: Vec<String> =
        checks.iter().filter_map(reason).chain(for_people.and_then(|people| people.reason)).collect();
    if !reasons.is_empty() {
        screen.text("\n");
    }
    for reason in reasons {
        screen.text(&wrapped(&reason, terminal_width()));
    }
}

/// What is said of an app that people may sign in to.
struct ForPeople {
    summary: &'static str,
    /// What stands against them, where no check says it.
    reason: Option<String>,
}

/// `None` for an app that is not meant for people.
fn for_people(outcome: &Value, checks: &[Value]) -> Option<ForPeople> {
    let is_told = |code| checks.iter().any(|check| find(check, "code").and_then(Value::as_str) == Some(code));
    match find(outcome, "code").and_then(Value::as_str) {
        Some("sign_in_off") => None,
        None => Some(ForPeople { summary: " (for people who sign in: yes)", reason: None }),
        Some(code) => Some(ForPeople {
            summary: " (for people who sign in: no)",
            reason: (!is_told(code)).then(|| format!("for_people: {}", sentences(outcome))),
        }),
    }
}

/// Why a check denies a token and what to do, which are sentences and no cells: nothing of them may be cut.
fn reason(check: &Value) -> Option<String> {
    let said = |path| find(check, path).and_then(Value::as_str).map(printable);
    (said("state")? == "denied").then_some(())?;
    Some(format!("{}: {}", said("check")?, sentences(check)))
}

/// What is wrong, and what to do.
fn sentences(denial: &Value) -> String {
    let said = |path| find(denial, path).and_then(Value::as_str).map(printable);
    let said: Vec<String> =
        [said("message").or_else(|| said("code")), said("advice")].into_iter().flatten().collect();
    said.join(". ")
}
