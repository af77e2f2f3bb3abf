//! A glance at the chain sees what is wrong with its end, at the cost of its end.

use turnkeep_audit::verify::{Break, Verdict};
use turnkeep_domain::membership::Role;
use turnkeep_service::audit::glance_at_chain::{ChainGlance, ChainLook, glance_at_chain};
use turnkeep_service::audit::walk_trail::TrailVerdict;

use super::trail_file::TrailFile;
use crate::world::World;

fn glance(file: &TrailFile) -> ChainGlance {
    glance_at_chain(&file.world.operator()).unwrap()
}

#[test]
fn an_untouched_chain_is_sound_and_as_long_as_it_is() {
    let file = TrailFile::with_ten_entries();
    let ChainGlance { look, verdict } = glance(&file);
    assert_eq!(look, ChainLook::Sound);
    let Some(TrailVerdict::Judged(Verdict::Intact(checked))) = verdict else { panic!("{verdict:?}") };
    assert_eq!((checked.entries, checked.tip.position), (11, 11));
}

#[test]
fn only_the_newest_entries_of_a_long_chain_are_looked_at() {
    let file = TrailFile::new();
    for number in 0..120 {
        file.world.pending_tenant(&format!("Tenant {number}"));
    }
    let Some(TrailVerdict::Judged(Verdict::Intact(checked))) = glance(&file).verdict else { panic!() };
    assert_eq!((checked.entries, checked.tip.position), (100, 121));
    file.tamper("UPDATE audit_trail SET actor = 'system' WHERE position = 3");
    assert_eq!(glance(&file).look, ChainLook::Sound, "too far away to be seen");
    assert_eq!(file.first_break(), Break::EntryChanged { position: 3 });
}

#[test]
fn tampering_with_the_end_is_seen() {
    let cases: [(&str, Break); 5] = [
        ("UPDATE audit_trail SET actor = 'system' WHERE position = 9", Break::EntryChanged { position: 9 }),
        ("DELETE FROM audit_trail WHERE position = 7", Break::EntriesMissing { first: 7, last: 7 }),
        ("DELETE FROM audit_trail WHERE position = 11", Break::EntriesMissingAtEnd { first: 11, last: 11 }),
        ("UPDATE audit_heads SET position = 10", Break::HeadSealWrong { position: 10 }),
        ("DELETE FROM audit_heads", Break::HeadMissing { last: 11 }),
    ];
    for (sql, expected) in cases {
        let file = TrailFile::with_ten_entries();
        file.tamper(sql);
        let ChainGlance { look, verdict } = glance(&file);
        assert_eq!(look, ChainLook::Broken, "{sql}");
        assert_eq!(verdict, Some(TrailVerdict::Judged(Verdict::Broken(expected))), "{sql}");
    }
    let file = TrailFile::with_ten_entries();
    file.tamper("UPDATE audit_trail SET changes = 'nonsense' WHERE position = 9");
    let ChainGlance { look, verdict } = glance(&file);
    assert_eq!(look, ChainLook::Broken);
    assert!(matches!(verdict, Some(TrailVerdict::Unreadable { .. })), "{verdict:?}");
}

#[test]
fn a_tenant_hears_how_the_chain_looks_and_not_how_much_is_in_it() {
    let world = World::new();
    let own = world.lone_app("Acme");
    for role in Role::ALL {
        let ChainGlance { look, verdict } =
            glance_at_chain(&world.tenant_caller(own.tenant_id, role)).unwrap();
        assert_eq!((look, verdict), (ChainLook::Sound, None), "{role}");
    }
}
