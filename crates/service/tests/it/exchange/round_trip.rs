//! Our own format there and back: what one server exports, an empty one becomes.

use turnkeep_service::exchange::export_records::Hashes;
use turnkeep_service::exchange::import_report::ImportOutcome;

use crate::exchange::exchange_verbs::{counts, record};
use crate::world::{TestApp, World};

#[test]
fn an_empty_server_becomes_what_the_other_one_is() {
    let world = World::new();
    let app = world.populate();
    let exported = world.export(Hashes::Included);
    let other = World::bare();
    let report = other.import_all(&exported);
    let known: Vec<&str> = report
        .records
        .iter()
        .filter(|record| record.outcome != ImportOutcome::Created)
        .map(|record| record.key.as_str())
        .collect();
    assert_eq!(known, ["default", "Platform"], "the instance and the tenant that every server begins with");
    assert_eq!(other.export(Hashes::Included), exported);
    let moved = other.imported(&app.client_id, app.secret.as_deref().unwrap());
    other.token(&moved);
    other.refusal(&TestApp { secret: Some("x".to_owned()), ..moved });
}

#[test]
fn importing_what_is_there_changes_nothing() {
    let world = World::new();
    world.populate();
    for hashes in [Hashes::Included, Hashes::Withheld] {
        let exported = world.export(hashes);
        let before = (world.store.read(|reads| reads.change_sequence()).unwrap(), world.export(hashes));
        let report = world.import_all(&exported);
        let records = report.records.len();
        assert!(20 < records);
        assert_eq!(counts(&report), [0, 0, records, 0], "{report:#?}");
        assert!(report.records.iter().all(|record| record.changes.is_empty()));
        let after = (world.store.read(|reads| reads.change_sequence()).unwrap(), world.export(hashes));
        assert_eq!(before, after);
    }
}

#[test]
fn what_is_different_becomes_what_the_document_says_and_the_rest_stays() {
    let world = World::new();
    let app = world.populate();
    let exported = world.export(Hashes::Withheld);
    let changed = exported
        .replace("\"display_name\": \"ada\"", "\"display_name\": \"Ada L.\"")
        .replace("\"scopes\": \"read update\"", "\"scopes\": \"read\"")
        .replace("\"code\": \"pro\",\n      \"name\": \"pro\"", "\"code\": \"pro\",\n      \"name\": \"Pro\"")
        .replace("\"role\": \"admin\"", "\"role\": \"auditor\"");
    let report = world.import_all(&changed);
    let updated: Vec<(&str, &str)> = report
        .records
        .iter()
        .filter(|record| record.outcome == ImportOutcome::Updated)
        .map(|record| (record.kind, record.key.as_str()))
        .collect();
    let expected =
        [("plan", "pro"), ("user", "ada"), ("member", "Acme / bob"), ("app", app.client_id.as_str())];
    assert_eq!(updated, expected);
    let change = &record(&report, "app", &app.client_id).changes[0];
    assert_eq!(
        (change.attribute, change.before.as_deref(), change.after.as_deref()),
        ("scopes", Some("read update"), Some("read"))
    );
    assert_eq!(world.export(Hashes::Withheld), changed);
    world.token(&app);
}

#[test]
fn nothing_is_removed_by_not_being_in_a_document() {
    let world = World::new();
    let app = world.populate();
    let before = world.export(Hashes::Included);
    assert!(world.import_all("{\"turnkeep\":1}").records.is_empty());
    assert_eq!(world.export(Hashes::Included), before);
    world.token(&app);
}
