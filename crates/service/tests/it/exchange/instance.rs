//! How the pages of the instance look goes with an export.

use serde_json::{Value, json};
use turnkeep_domain::accent::Accent;
use turnkeep_domain::audit::AttributeChange;
use turnkeep_service::exchange::export_records::{Hashes, export_records};
use turnkeep_service::exchange::import_records::import_document;
use turnkeep_service::exchange::import_report::ImportOutcome;
use turnkeep_service::registry::manage_instance::{InstanceChanges, find_instance, update_instance};
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::exchange::exchange_verbs::{applying, counts, document, dry_run, record};
use crate::world::World;

fn recoloured(accent: Accent) -> World {
    let world = World::bare();
    let changes = InstanceChanges { name: None, accent: Some(accent) };
    update_instance(&world.operator(), world.instance_id, &changes, None).unwrap();
    world
}

fn accent_of(world: &World) -> Accent {
    find_instance(&world.operator(), world.instance_id).unwrap().accent
}

#[test]
fn the_accent_goes_along_with_an_export() {
    for (one, two) in [(Accent::Teal, Accent::Blue), (Accent::Blue, Accent::Amber)] {
        let exported = recoloured(one).export(Hashes::Withheld);
        let other = recoloured(two);
        let events = || other.events("instance.update").len();
        let before = events();
        let report = other.import_all(&exported);
        assert_eq!(accent_of(&other), one);
        let imported = record(&report, "instance", "default");
        let text = |accent: Accent| Some(accent.as_str().to_owned());
        let change = AttributeChange { attribute: "accent", before: text(two), after: text(one) };
        assert_eq!((imported.outcome, &imported.changes[..]), (ImportOutcome::Updated, &[change][..]));
        assert_eq!(events(), before + 1);
        let again = other.import_all(&exported);
        assert_eq!(counts(&again), [0, 0, again.records.len(), 0], "{again:#?}");
        assert_eq!(events(), before + 1);
        assert_eq!(other.export(Hashes::Withheld), exported);
    }
}

#[test]
fn a_document_that_does_not_say_leaves_the_accent_alone() {
    let world = recoloured(Accent::Violet);
    let mut exported: Value = serde_json::from_str(&world.export(Hashes::Withheld)).unwrap();
    assert_eq!(exported["instance"], json!({"accent": "violet"}));
    exported.as_object_mut().unwrap().remove("instance");
    for text in [exported.to_string(), document(json!({})), document(json!({"instance": {}}))] {
        world.import_all(&text);
        assert_eq!(accent_of(&world), Accent::Violet, "{text}");
    }
    assert_eq!(accent_of(&World::bare()), Accent::Blue);
}

#[test]
fn a_dry_run_tells_of_the_accent_and_leaves_it() {
    let world = World::bare();
    let report = world.import(&document(json!({"instance": {"accent": "rose"}})), &dry_run());
    assert_eq!(record(&report, "instance", "default").outcome, ImportOutcome::Updated);
    assert_eq!(accent_of(&world), Accent::Blue);
}

#[test]
fn the_export_of_a_tenant_says_nothing_of_the_instance() {
    let world = World::with_acme();
    let acme = world.imported_tenant("Acme");
    let exported = export_records(&world.operator(), Some(acme), Hashes::Withheld).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&exported).unwrap().get("instance"), None);
}

#[test]
fn an_operator_of_one_instance_imports_the_rest_and_is_told() {
    let world = World::bare();
    let user = json!({"name": "ada", "kind": "internal", "display_name": "Ada"});
    let text = document(json!({"instance": {"accent": "rose"}, "users": [user]}));
    let report = import_document(&world.context(Reach::Instance), &text, &applying()).unwrap();
    assert!(report.applied);
    assert_eq!(counts(&report), [1, 0, 1, 0], "{report:#?}");
    let note = "the accent of the instance stays as it is: only operators of the default instance change it";
    assert_eq!(report.notes, [note]);
    assert_eq!(accent_of(&world), Accent::Blue);
}
