//! A dry run says what the real one does, and does nothing.

use turnkeep_domain::user::UserKind;
use turnkeep_service::exchange::export_records::Hashes;
use turnkeep_service::exchange::import_report::ImportOutcome;

use crate::exchange::exchange_verbs::{app_record, document, dry_run, without_ids};
use crate::world::World;

#[test]
fn it_says_what_the_real_one_does_and_leaves_no_trace() {
    let world = World::new();
    world.populate();
    let (exported, other) = (world.export(Hashes::Included), World::new());
    other.user(UserKind::Internal, "ada");
    let exported = exported.replace("\"display_name\": \"ada\"", "\"display_name\": \"Ada L.\"");
    let (before, trail) = (other.export(Hashes::Included), other.trail().len());
    let sequence = other.store.read(|reads| reads.change_sequence()).unwrap();
    let tried = other.import(&exported, &dry_run());
    assert!(!tried.applied);
    assert_eq!(other.export(Hashes::Included), before);
    // That the export before it was one of hashes is recorded, and nothing else.
    let events: Vec<String> = other.trail().into_iter().map(|entry| entry.action).collect();
    assert_eq!(events[..events.len() - trail], ["export.hashes"]);
    let sequence_now = other.store.read(|reads| reads.change_sequence()).unwrap();
    assert_eq!(sequence_now, sequence, "nothing is in the change log");
    let done = other.import_all(&exported);
    assert_eq!(without_ids(&tried), without_ids(&done));
    assert_eq!(tried.notes, done.notes);
    for outcome in [ImportOutcome::Created, ImportOutcome::Updated, ImportOutcome::Unchanged] {
        assert_ne!(done.count(outcome), 0, "{outcome:?}");
    }
}

#[test]
fn it_shows_every_record_that_would_be_refused() {
    let world = World::with_acme();
    let text = document(serde_json::json!({"apps": [app_record("com.a/one"), app_record("com.a/one")]}));
    let report = world.import(&text, &dry_run());
    assert_eq!(report.count(ImportOutcome::Refused), 1);
    assert_eq!(report.count(ImportOutcome::Created), 1);
    assert!(!report.applied);
    assert_eq!(world.trail().iter().filter(|entry| entry.action == "import.apply").count(), 0);
}
