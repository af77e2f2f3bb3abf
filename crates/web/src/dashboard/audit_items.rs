//! Events of the audit trail as pages show them, with who did it in words.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::entry::{AuditEntry, EntryChange};
use turnkeep_console::parts::audit_table::{AuditChange, AuditItem};
use turnkeep_domain::audit::Actor;
use turnkeep_service::people::actor_names::{ActorNames, find_actor_names};

use super::dashboard_request::DashboardRequest;
use super::shown::moment;
use crate::account::error_page::PageError;
use crate::account::readable::capitalised;

/// The events of a page, in their order.
pub(crate) async fn audit_items(
    dashboard: &DashboardRequest,
    events: &[ChainedEntry],
) -> Result<Vec<AuditItem>, PageError> {
    let actors: Vec<Actor> = events.iter().filter_map(|event| event.entry.actor.parse().ok()).collect();
    let names = dashboard.read(move |context| find_actor_names(context, &actors)).await?;
    Ok(events.iter().map(|event| item(&event.entry, &names)).collect())
}

/// Who it was, in words.
pub(crate) fn in_words(actor: Actor, names: &ActorNames) -> String {
    match (actor, names.of(actor)) {
        (Actor::User(_), Some(name)) => name.to_string(),
        (Actor::App(_), Some(name)) => format!("The app {name}"),
        (Actor::User(_), None) => "Somebody who is not known here".to_owned(),
        (Actor::App(_), None) => "An app that is not known here".to_owned(),
        (Actor::System, _) => "The server itself".to_owned(),
        (Actor::CommandLine, _) => "Somebody at the server’s command line".to_owned(),
        (Actor::Anonymous, _) => "Nobody who said who they are".to_owned(),
    }
}

fn item(entry: &AuditEntry, names: &ActorNames) -> AuditItem {
    let actor: Option<Actor> = entry.actor.parse().ok();
    let has_id = matches!(actor, Some(Actor::User(_) | Actor::App(_)));
    AuditItem {
        position: entry.position,
        at: moment(entry.at),
        event: event_in_words(&entry.action),
        action: entry.action.clone(),
        refusal: entry.refusal.clone(),
        actor: actor.map_or_else(|| entry.actor.clone(), |actor| in_words(actor, names)),
        actor_id: has_id.then(|| entry.actor.clone()),
        object: entry.object.clone(),
        changes: entry.changes.iter().map(change).collect(),
        request_id: entry.request_id.map(|id| id.to_string()),
    }
}

fn change(change: &EntryChange) -> AuditChange {
    let EntryChange { attribute, before, after } = change.clone();
    AuditChange { attribute, before, after }
}

/// Actions are named so that they read: the record, then what was done to it.
fn event_in_words(action: &str) -> String {
    capitalised(&action.replacen('.', ": ", 1).replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::event_in_words;

    #[test]
    fn actions_become_words() {
        for (action, expected) in [
            ("app.regenerate_secret", "App: regenerate secret"),
            ("reference_token.make", "Reference token: make"),
            ("unheard", "Unheard"),
            ("", ""),
        ] {
            assert_eq!(event_in_words(action), expected);
        }
    }
}
