//! Verification names the first broken link, whatever was done to the file.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::verify::{Break, Verdict};
use turnkeep_service::audit::show_chain::show_chain;
use turnkeep_service::audit::verify_trail::{PROGRESS_EVERY, verify_trail};
use turnkeep_service::audit::walk_trail::TrailVerdict;

use super::trail_file::TrailFile;
use crate::world::World;

fn anchor_of(file: &TrailFile) -> Anchor {
    let (head, _) = show_chain(&file.world.operator()).unwrap().head.unwrap();
    head.head.anchor()
}

#[test]
fn an_untouched_trail_is_intact_also_at_its_anchor() {
    let file = TrailFile::with_ten_entries();
    let anchor = anchor_of(&file);
    assert_eq!(file.intact_entries(), 11, "the first start and ten more");
    file.world.pending_tenant("Another");
    let verdict = file.verify(Some(anchor));
    assert!(matches!(&verdict, TrailVerdict::Judged(Verdict::Intact(_))), "{verdict:?}");
    assert!(!verdict.is_broken());
}

#[test]
fn tampering_with_the_file_is_found_at_the_first_broken_link() {
    let hash = |of: &str| format!("(SELECT entry_hash FROM audit_trail WHERE position = {of})");
    let swap = "UPDATE audit_trail SET position = 100 WHERE position = 4;
        UPDATE audit_trail SET position = 4 WHERE position = 5;
        UPDATE audit_trail SET position = 5 WHERE position = 100;";
    let rewound = format!(
        "DELETE FROM audit_trail WHERE position = 11;
        UPDATE audit_heads SET position = 10, entry_hash = {}",
        hash("10")
    );
    let relinked = format!(
        "DELETE FROM audit_trail WHERE position = 6;
        UPDATE audit_trail SET position = position - 1 WHERE 6 < position;
        UPDATE audit_trail SET previous_hash = {} WHERE position = 6;",
        hash("5")
    );
    let cases: &[(&str, Break)] = &[
        ("UPDATE audit_trail SET actor = 'system' WHERE position = 3", Break::EntryChanged { position: 3 }),
        (
            "UPDATE audit_trail SET changes = replace(changes, 'Tenant 3', 'Tenant X') WHERE position = 5",
            Break::EntryChanged { position: 5 },
        ),
        ("UPDATE audit_trail SET at = at + 1 WHERE position = 2", Break::EntryChanged { position: 2 }),
        (
            "UPDATE audit_trail SET refusal = 'forbidden' WHERE position = 2",
            Break::EntryChanged { position: 2 },
        ),
        (
            "UPDATE audit_trail SET request_id = NULL, object = NULL WHERE position = 9",
            Break::EntryChanged { position: 9 },
        ),
        (
            "UPDATE audit_trail SET entry_hash = previous_hash WHERE position = 7",
            Break::EntryChanged { position: 7 },
        ),
        ("UPDATE audit_trail SET changes = '[' WHERE position = 8", Break::EntryUnreadable { position: 8 }),
        ("DELETE FROM audit_trail WHERE position = 6", Break::EntriesMissing { first: 6, last: 6 }),
        (
            "DELETE FROM audit_trail WHERE position BETWEEN 4 AND 8",
            Break::EntriesMissing { first: 4, last: 8 },
        ),
        ("DELETE FROM audit_trail WHERE position < 3", Break::EntriesMissingAtStart { first: 1, last: 2 }),
        ("DELETE FROM audit_trail WHERE position = 11", Break::EntriesMissingAtEnd { first: 11, last: 11 }),
        ("DELETE FROM audit_trail", Break::EntriesMissingAtEnd { first: 1, last: 11 }),
        ("DELETE FROM audit_heads", Break::HeadMissing { last: 11 }),
        (&rewound, Break::HeadSealWrong { position: 10 }),
        (swap, Break::LinkBroken { position: 4 }),
        (&relinked, Break::EntryChanged { position: 6 }),
        (
            "UPDATE audit_heads SET position = 10; DELETE FROM audit_trail WHERE position = 11",
            Break::HeadSealWrong { position: 10 },
        ),
    ];
    for (sql, expected) in cases {
        let file = TrailFile::with_ten_entries();
        file.tamper(sql);
        assert_eq!(file.first_break(), *expected, "{sql}");
    }
}

#[test]
fn an_unreadable_head_or_segment_is_a_finding_and_no_fault() {
    let file = TrailFile::with_ten_entries();
    file.tamper("UPDATE audit_heads SET entry_hash = x'00'");
    let verdict = file.verify(None);
    assert_eq!(verdict, TrailVerdict::Unreadable { table: "audit_heads", column: "entry_hash" });
    assert!(verdict.is_broken());
}

#[test]
fn an_old_state_put_back_as_a_whole_is_found_by_an_anchor_only() {
    let file = TrailFile::with_ten_entries();
    file.tamper("CREATE TABLE old_trail AS SELECT * FROM audit_trail; CREATE TABLE old_heads AS SELECT * FROM audit_heads");
    file.world.pending_tenant("Hidden");
    let anchor = anchor_of(&file);
    file.tamper(
        "DELETE FROM audit_trail; INSERT INTO audit_trail SELECT * FROM old_trail;
        DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM old_heads",
    );
    assert_eq!(file.intact_entries(), 11, "everything in the file agrees");
    let verdict = file.verify(Some(anchor));
    let expected = Break::AnchorBehindEnd { anchor: 12, last: 11 };
    assert_eq!(verdict, TrailVerdict::Judged(Verdict::Broken(expected)));
}

#[test]
fn an_instance_from_before_the_chain_is_empty_until_an_anchor_says_otherwise() {
    let file = TrailFile::with_ten_entries();
    let anchor = anchor_of(&file);
    file.tamper("DELETE FROM audit_trail; DELETE FROM audit_heads");
    assert_eq!(file.verify(None), TrailVerdict::Empty);
    assert!(file.verify(Some(anchor)).is_broken());
    // The chain begins with the next event.
    file.world.pending_tenant("First");
    assert_eq!(file.intact_entries(), 1);
}

#[test]
fn another_instances_chain_does_not_matter() {
    let file = TrailFile::with_ten_entries();
    let other = file.world.bare_instance("other");
    other.pending_tenant("Acme");
    let id: String = other.instance_id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    file.tamper(&format!("UPDATE audit_trail SET actor = 'x' WHERE instance_id = x'{id}'"));
    assert_eq!(file.intact_entries(), 12);
    let verdict = verify_trail(&other.authority, other.instance_id, None, &mut |_| ()).unwrap();
    assert_eq!(verdict, TrailVerdict::Judged(Verdict::Broken(Break::EntryChanged { position: 1 })));
}

#[test]
fn a_trail_longer_than_a_page_is_verified_to_its_end() {
    let world = World::bare();
    let refuse = || {
        let nobody = world.context(turnkeep_service::tokens::authenticate_bearer::Reach::Nowhere);
        drop(turnkeep_service::registry::manage_user::switch_user(
            &nobody,
            turnkeep_domain::id::UserId::from_bytes([0; 16]),
            turnkeep_domain::user::UserState::Active,
            None,
        ));
    };
    let refusals = PROGRESS_EVERY + 700;
    for _ in 0..refusals {
        refuse();
    }
    world.authority.keep_books().unwrap();
    let mut progress = Vec::new();
    let verdict =
        verify_trail(&world.authority, world.instance_id, None, &mut |seen| progress.push(seen)).unwrap();
    let TrailVerdict::Judged(Verdict::Intact(checked)) = verdict else { panic!("{verdict:?}") };
    assert_eq!(checked.entries, 1 + refusals);
    assert_eq!(progress, [PROGRESS_EVERY]);
}
