//! A server becomes what another one was, also where that one had apps in an odd state.

use serde_json::{Value, json};
use turnkeep_service::exchange::export_records::Hashes;
use turnkeep_service::exchange::import_report::ImportOutcome;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::revoke_secret::revoke_secret;

use crate::exchange::exchange_verbs::{app_with, applying, counts, document, dry_run, errors, skipping};
use crate::world::World;

fn without(mut record: Value, member: &str) -> Value {
    record.as_object_mut().unwrap().remove(member);
    record
}

#[test]
fn an_app_whose_secrets_are_all_revoked_comes_back_without_one() {
    let world = World::new();
    let app = world.populate();
    for secret in list_secrets(&world.operator(), app.id).unwrap() {
        revoke_secret(&world.operator(), app.id, secret.id, None).unwrap();
    }
    for hashes in [Hashes::Included, Hashes::Withheld] {
        let exported: Value = serde_json::from_str(&world.export(hashes)).unwrap();
        let records = exported["apps"].as_array().unwrap();
        let record = records.iter().find(|record| record["client_id"] == app.client_id.as_str()).unwrap();
        assert_eq!(record["secrets"], json!([]));
    }
    let exported = world.export(Hashes::Included);
    let other = World::bare();
    let report = other.import_all(&exported);
    assert_eq!(other.export(Hashes::Included), exported);
    let note = format!("app «{}» has no secret: regenerate one", app.client_id);
    assert!(report.notes.contains(&note), "{:?}", report.notes);
    other.refusal(&other.imported(&app.client_id, app.secret.as_deref().unwrap()));
    let again = other.import_all(&exported);
    assert!(again.notes.iter().all(|note| !note.contains("has no secret")), "{:?}", again.notes);
}

#[test]
fn secrets_that_have_ended_since_do_not_stop_a_restore_but_missing_ones_do() {
    let world = World::with_acme();
    let hash = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let (past, hint) = ("2001-01-01T00:00:00Z", "abcd");
    let app = |secrets: Value| app_with("com.old/app", json!({"secrets": secrets}));
    for record in [
        without(app(json!([])), "secrets"),
        app(json!([{"hint": hint}])),
        app(json!([{"hint": hint}, {"hash": hash, "expires_at": past}])),
        app(json!([{"hint": hint, "expires_at": "2999-01-01T00:00:00Z"}])),
    ] {
        let report = world.import(&document(json!({"apps": [record.clone()]})), &applying());
        assert_eq!(errors(&report, "app", "com.old/app"), [("secrets", "no_secret")], "{record}");
    }
    let ended = app(json!([{"hint": hint, "expires_at": past}, {"hash": hash, "expires_at": past}]));
    let report = world.import_all(&document(json!({"apps": [ended]})));
    assert_eq!(report.notes, ["app «com.old/app» has no secret: regenerate one"]);
}

#[test]
fn a_public_app_needs_no_secret_and_no_note() {
    let world = World::with_acme();
    let public = json!({"client_type": "public", "service_access": {"as": "none"}});
    for (client_id, record) in [
        ("com.old/a", app_with("com.old/a", public.clone())),
        ("com.old/b", without(app_with("com.old/b", public), "secrets")),
    ] {
        let record = if client_id == "com.old/a" { set_empty(record) } else { record };
        let report = world.import_all(&document(json!({"apps": [record]})));
        assert!(report.notes.is_empty(), "{:?}", report.notes);
        assert!(world.has_app(client_id));
    }
}

fn set_empty(mut record: Value) -> Value {
    record["secrets"] = json!([]);
    record
}

#[test]
fn a_scope_that_is_reserved_now_stops_no_restore_and_is_given_to_nobody() {
    let world = World::new();
    let app = world.populate();
    let exported: Value = serde_json::from_str(&world.export(Hashes::Included)).unwrap();
    let mut scopes = exported["resources"][0].clone();
    for scope in scopes["scopes"].as_array_mut().unwrap() {
        if scope["name"] == "update" {
            scope["grant"] = json!("reserved");
        }
    }
    world.import_all(&document(json!({"resources": [scopes]})));
    let exported = world.export(Hashes::Included);
    assert!(exported.contains("\"scopes\": \"read update\""));
    let there = world.import_all(&exported);
    assert_eq!(counts(&there), [0, 0, there.records.len(), 0], "where it is, it stays: {there:#?}");
    let other = World::bare();
    let report = other.import_all(&exported);
    let note = format!("app «{}»: reserved scopes were left out, as no app gets them: update", app.client_id);
    assert!(report.notes.contains(&note), "{:?}", report.notes);
    let restored: Value = serde_json::from_str(&other.export(Hashes::Withheld)).unwrap();
    assert!(restored["apps"].as_array().unwrap().iter().any(|app| app["scopes"] == "read"));
    let again = other.import_all(&exported);
    assert_eq!(counts(&again), [0, 0, again.records.len(), 0], "{again:#?}");
    assert!(again.notes.contains(&note));
}

#[test]
fn a_record_of_the_platform_is_refused_for_what_it_is() {
    let world = World::with_acme();
    let app = app_with("com.old/app", json!({"origin": "platform"}));
    let resource = json!({"audience": "turnkeep.management", "name": "Management"});
    for (list, record) in [("apps", app), ("resources", resource)] {
        let report = world.import(&document(json!({list: [record]})), &applying());
        assert_eq!(report.count(ImportOutcome::Refused), 1);
        let error = &report.records[0].errors[0];
        assert_eq!(error.code, "platform_record");
        assert_eq!(
            error.message,
            "belongs to the platform itself, which every server makes for itself: leave it out"
        );
    }
}

#[test]
fn no_import_closes_or_suspends_the_platforms_tenant() {
    let world = World::bare();
    for (state, code) in [("closed", "platform_record"), ("suspended", "operator_app_enabled")] {
        let tenants = document(json!({"tenants": [{"name": "Platform", "state": state}]}));
        for options in [dry_run(), applying(), skipping()] {
            let report = world.import(&tenants, &options);
            assert_eq!(errors(&report, "tenant", "Platform"), [("", code)]);
            assert!(!world.operator_token().is_empty());
        }
    }
}
