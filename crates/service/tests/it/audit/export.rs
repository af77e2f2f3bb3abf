//! Exports: complete ones can be verified, partial ones show nothing foreign, and none of them has a line too many.

use std::io::Cursor;

use turnkeep_audit::entry::AuditEntry;
use turnkeep_audit::json_lines::{ExportReader, ReadError};
use turnkeep_audit::seal::SealKeys;
use turnkeep_audit::verify::{Break, Verdict};
use turnkeep_audit::verify_export::verify_export;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::membership::Role;
use turnkeep_service::audit::export_trail::begin_export;
use turnkeep_service::audit::prune_trail::prune_trail;
use turnkeep_service::failure::Fault;
use turnkeep_service::registry::context::RegistryContext;

use super::trail_file::TrailFile;
use crate::world::{World, master_keys};

fn export(context: &RegistryContext<'_>, filter: &AuditFilter) -> Vec<u8> {
    let mut export = begin_export(context, filter).unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = export.next_piece(context.authority).unwrap() {
        assert!(piece.ends_with(b"\n"), "whole lines");
        bytes.extend(piece);
    }
    bytes
}

fn judge(bytes: &[u8]) -> Verdict {
    let keys = SealKeys::new(&master_keys(&[1]));
    verify_export(ExportReader::open(Cursor::new(bytes)).unwrap(), Some(&keys), None).unwrap()
}

fn entries(bytes: &[u8]) -> Vec<AuditEntry> {
    let mut reader = ExportReader::open(Cursor::new(bytes)).unwrap();
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        entries.push(entry.entry);
    }
    entries
}

#[test]
fn a_whole_export_is_verified_without_the_database_also_after_pruning() {
    let world = World::bare();
    for number in 0..450 {
        world.region(&format!("r{number}"));
    }
    let bytes = export(&world.operator(), &AuditFilter::default());
    let Verdict::Intact(checked) = judge(&bytes) else { panic!("{:?}", judge(&bytes)) };
    assert_eq!(checked.entries, 451, "more than two pieces");
    world.advance(60);
    prune_trail(&world.operator(), world.authority.now()).unwrap();
    let Verdict::Intact(checked) = judge(&export(&world.operator(), &AuditFilter::default())) else {
        panic!("not intact")
    };
    assert_eq!((checked.entries, checked.pruned_up_to), (1, 451));
}

#[test]
fn an_export_shows_what_is_wrong_instead_of_hiding_it() {
    let file = TrailFile::with_ten_entries();
    file.tamper("UPDATE audit_heads SET position = 9");
    let bytes = export(&file.world.operator(), &AuditFilter::default());
    assert_eq!(entries(&bytes).len(), 11, "entries behind the head too");
    assert_eq!(judge(&bytes), Verdict::Broken(Break::HeadSealWrong { position: 9 }));
}

#[test]
fn what_is_written_during_an_export_belongs_to_the_next_one() {
    let world = World::bare();
    let context = world.operator();
    let mut export = begin_export(&context, &AuditFilter::default()).unwrap();
    world.region("late");
    let mut bytes = Vec::new();
    while let Some(piece) = export.next_piece(&world.authority).unwrap() {
        bytes.extend(piece);
    }
    assert!(matches!(judge(&bytes), Verdict::Intact(checked) if checked.entries == 1));
}

#[test]
fn an_export_that_is_overtaken_by_pruning_is_truncated() {
    let world = World::bare();
    let context = world.operator();
    for number in 0..250 {
        world.region(&format!("r{number}"));
    }
    let mut export = begin_export(&context, &AuditFilter::default()).unwrap();
    let first = export.next_piece(&world.authority).unwrap().unwrap();
    world.advance(60);
    prune_trail(&context, world.authority.now()).unwrap();
    assert!(matches!(export.next_piece(&world.authority), Err(Fault::Store(_))));
    assert!(export.next_piece(&world.authority).unwrap().is_none(), "it does not go on");
    let mut reader = ExportReader::open(Cursor::new(first)).unwrap();
    let ended = std::iter::from_fn(|| Some(reader.next_entry())).find_map(Result::err);
    assert!(matches!(ended, Some(ReadError::Truncated { .. })), "{ended:?}");
}

#[test]
fn a_tenants_export_has_its_own_entries_and_no_seals() {
    let world = World::new();
    let (own, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let auditor = world.tenant_caller(own.tenant_id, Role::Auditor);
    let bytes = export(&auditor, &AuditFilter::default());
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains(&other.id.to_string()) && !text.contains(&other.tenant_id.to_string()));
    let reader = ExportReader::open(Cursor::new(&bytes)).unwrap();
    assert!(!reader.header().complete && reader.header().segments.is_empty());
    let entries = entries(&bytes);
    assert!(!entries.is_empty());
    assert!(entries.iter().all(|entry| entry.tenant_id == Some(own.tenant_id)));
    assert!(matches!(judge(&bytes), Verdict::Partial(_)));
}

#[test]
fn control_characters_stay_on_their_line() {
    let world = World::bare();
    let hostile = "a\r\n{\"x\":1}\u{1b}[31m\u{2028}=1+1";
    // No name can hold these, so they come past the rules, as they could have with an older version.
    let event = turnkeep_domain::audit::AuditEvent {
        id: turnkeep_domain::id::AuditEventId::from_bytes([9; 16]),
        instance_id: world.instance_id,
        tenant_id: None,
        actor: turnkeep_domain::audit::Actor::System,
        action: "app.update",
        object: Some(hostile.to_owned()),
        outcome: turnkeep_domain::audit::AuditOutcome::Done {
            changes: vec![turnkeep_domain::audit::AttributeChange {
                attribute: "name",
                before: None,
                after: Some(hostile.to_owned()),
            }],
        },
        request_id: None,
        at: world.authority.now(),
    };
    let head = world.store.read(|reads| reads.audit_head(world.instance_id)).unwrap().unwrap();
    let entry = turnkeep_audit::chain::link(&head.head, &event);
    let keys = SealKeys::new(&master_keys(&[1]));
    let sealed = keys.seal_head(entry.head(world.instance_id));
    world.store.mutate(|writes| writes.append_audit_entries(&[entry], &sealed)).unwrap();
    let bytes = export(&world.operator(), &AuditFilter::default());
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(text.lines().count(), 4, "header, two entries, end");
    assert!(!text.chars().any(|character| character.is_control() && character != '\n'));
    assert!(!text.contains('\u{2028}'));
    assert_eq!(entries(&bytes)[1].object.as_deref(), Some(hostile), "and nothing is lost");
    assert!(matches!(judge(&bytes), Verdict::Intact(_)));
}
