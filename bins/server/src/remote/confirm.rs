//! Asking before something is taken away.

use serde_json::Value;

use crate::remote::call::Call;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::Session;
use crate::remote::table::{find, printable};
use crate::system;

/// What people know a record by, best first.
const NAMES: [&str; 7] = ["name", "code", "slug", "audience", "db_code", "client_id", "user_name"];

/// What would be taken away.
pub(crate) enum Subject<'a> {
    /// A record that can be read, so that its name can be shown.
    Record(&'a Call),
    /// Something that its description names well enough.
    Described(String),
}

/// Agrees to an action such as `delete` on a kind of record; or ends the command.
pub(crate) fn confirm(session: &Session, action: &str, kind: &str, subject: Subject<'_>) -> RemoteResult {
    agree(session.yes, || {
        let described = match subject {
            Subject::Described(text) => printable(&text),
            Subject::Record(call) => describe(&session.connection.send(call)?.json()?),
        };
        Ok(question(action, kind, &described))
    })
}

/// Agrees to a change of a record, if it takes something away from the record as it is now.
pub(crate) fn confirm_loss(
    session: &Session,
    kind: &str,
    read: &Call,
    consequence: &str,
    loses: impl FnOnce(&Value) -> bool,
) -> RemoteResult {
    if session.yes {
        return Ok(());
    }
    let record = match session.connection.send(read) {
        // What is not there loses nothing; whether it can be made is for the change to say.
        Err(error) if error.is_not_found() => return Ok(()),
        answer => answer?.json()?,
    };
    if !loses(&record) {
        return Ok(());
    }
    agree(false, || Ok(question("change", kind, &format!("{}, {consequence}", describe(&record)))))
}

/// Asks a question, unless everything is agreed to beforehand; anything but a yes ends the command.
pub(crate) fn agree(yes: bool, question: impl FnOnce() -> RemoteResult<String>) -> RemoteResult {
    if yes {
        return Ok(());
    }
    if !system::is_interactive() {
        return Err(RemoteError::NotConfirmed("add --yes if it is meant"));
    }
    let answer = system::ask(&question()?).map_err(|_| RemoteError::NotConfirmed("there was no answer"))?;
    if is_yes(&answer) { Ok(()) } else { Err(RemoteError::NotConfirmed("not confirmed")) }
}

fn question(action: &str, kind: &str, described: &str) -> String {
    format!("{action} {kind} {described}? [y/N]")
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

fn describe(record: &Value) -> String {
    let text = |path| find(record, path).and_then(Value::as_str).map(printable);
    let name = NAMES.into_iter().find_map(text);
    match (name, text("id")) {
        (Some(name), Some(id)) => format!("\"{name}\" ({id})"),
        (Some(name), None) => format!("\"{name}\""),
        (None, Some(id)) => id,
        (None, None) => "of that id".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_question_names_what_is_at_stake() {
        let app = json!({"id": "app_1", "client_id": "tk_1", "name": "Invoices\u{7}"});
        assert_eq!(
            question("delete", "app", &describe(&app)),
            "delete app \"Invoices\\u{7}\" (app_1)? [y/N]"
        );
        assert_eq!(describe(&json!({"id": "pln_1", "code": "pro"})), "\"pro\" (pln_1)");
        assert_eq!(describe(&json!({"id": "sec_1"})), "sec_1");
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        for yes in ["y\n", "Y\n", " yes \n"] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for no in ["", "\n", "n\n", "yeah\n", "y es\n", "delete\n"] {
            assert!(!is_yes(no), "{no:?}");
        }
    }
}
