//! What an import leaves in the audit trail.

use serde_json::json;
use turnkeep_domain::audit::Actor;
use turnkeep_service::audit::verify_trail::verify_trail;

use crate::exchange::exchange_verbs::{app_record, app_with, applying, document};
use crate::world::World;

#[test]
fn every_change_has_its_event_in_the_chain_and_the_import_one_of_its_own() {
    let world = World::with_acme();
    let before = world.trail().len();
    world.import_all(&document(json!({
        "users": [{"name": "ada", "kind": "internal", "display_name": "Ada"}],
        "tenants": [{"name": "Acme", "state": "active", "members": [{"user": "ada", "role": "owner"}]}],
        "apps": [app_record("com.old/a"), app_record("com.old/b")],
    })));
    let trail = world.trail();
    let mut actions: Vec<&str> =
        trail[..trail.len() - before].iter().map(|entry| entry.action.as_str()).collect();
    actions.reverse();
    assert_eq!(actions, ["import.apply", "user.create", "member.set", "app.create", "app.create"]);
    let whole = &world.events("import.apply")[0];
    let said: Vec<(&str, Option<&str>)> =
        whole.changes.iter().map(|change| (change.attribute.as_str(), change.after.as_deref())).collect();
    assert_eq!(
        said,
        [("created", Some("4")), ("updated", Some("0")), ("unchanged", Some("1")), ("refused", Some("0"))]
    );
    assert_eq!(whole.actor, Actor::CommandLine.to_string());
    let created = &world.events("app.create")[0];
    assert!(created.changes.iter().any(|change| change.after.as_deref() == Some("com.old/b")));
    let verdict = verify_trail(&world.authority, world.instance_id, None, &mut |_| ()).unwrap();
    assert!(!verdict.is_broken(), "{verdict:?}");
}

#[test]
fn an_import_that_was_refused_leaves_one_refusal_and_no_change() {
    let world = World::with_acme();
    let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
    let wrong = app_with("com.old/b", json!({"license_region": "mars"}));
    let text = document(json!({"apps": [app_record("com.old/a"), wrong]}));
    assert!(!world.import(&text, &applying()).applied);
    world.authority.keep_books().unwrap();
    let events = world.events("import.apply");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].refusal.as_deref(), Some("import_refused"));
    assert_eq!(world.events("app.create").len(), 0);
    assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), sequence);
}
