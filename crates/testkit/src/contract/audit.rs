//! The audit trail: what is appended comes back and verifies, and goes by sealed segments only.

use turnkeep_audit::chain::{ChainHead, ChainedEntry};
use turnkeep_audit::entry::AuditEntry;
use turnkeep_audit::seal::{SealKeys, SealedHead};
use turnkeep_audit::segment::Segment;
use turnkeep_audit::verify::{ChainVerifier, Verdict};
use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::{AuditEventId, InstanceId, RequestId};
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_domain::tenant::Tenant;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_tenant(store: &dyn Store) -> Tenant {
    let instance = given::instance(store, 1);
    given::tenant(store, &instance, 1)
}

/// A change of a name.
pub(super) fn change(before: &str, after: &str) -> AttributeChange {
    AttributeChange { attribute: "name", before: Some(before.to_owned()), after: Some(after.to_owned()) }
}

fn refused(code: &'static str) -> AuditOutcome {
    AuditOutcome::Refused { code }
}

/// Every kind of actor and outcome, with and without what is optional.
fn every_form(tenant: &Tenant) -> Vec<AuditEvent> {
    let app = fixtures::app(tenant, 1);
    let user = fixtures::user(&fixtures::instance(1), 1);
    let actors =
        [Actor::System, Actor::CommandLine, Actor::Anonymous, Actor::App(app.id), Actor::User(user.id)];
    let both = |(actor, number)| {
        let done = AuditEvent { actor, ..fixtures::audit_event(tenant, number) };
        let refused = AuditEvent {
            actor,
            tenant_id: None,
            object: None,
            outcome: refused("app_disabled"),
            request_id: Some(RequestId::from_bytes([9; 16])),
            ..fixtures::audit_event(tenant, number + 100)
        };
        [done, refused]
    };
    actors.into_iter().zip(1..).flat_map(both).collect()
}

/// The whole chain from one moment, in pages of 100.
pub(super) fn trail(
    store: &dyn Store,
    instance_id: InstanceId,
) -> (Vec<ChainedEntry>, Option<SealedHead>, Verdict) {
    given::read(store, |reads| {
        let mut entries: Vec<ChainedEntry> = Vec::new();
        loop {
            let after = entries.last().map(|chained| chained.entry.position);
            let page = AuditPage { after, direction: Direction::Ascending, limit: 100 };
            let part = reads.list_audit_trail(instance_id, &AuditFilter::default(), page)?;
            if part.is_empty() {
                break;
            }
            entries.extend(part);
        }
        let segments = reads.list_audit_segments(instance_id)?;
        let head = reads.audit_head(instance_id)?;
        let keys = fixtures::seal_keys();
        let mut verifier = ChainVerifier::new(instance_id, &segments, Some(&keys));
        entries.iter().for_each(|chained| verifier.feed(chained));
        let verdict = verifier.finish(head.as_ref());
        Ok((entries, head, verdict))
    })
}

/// Listed, found by id, equal to what was appended, and intact up to the sealed head.
pub fn every_form_of_an_entry_comes_back_and_verifies(store: &dyn Store) {
    let tenant = given_tenant(store);
    let events = every_form(&tenant);
    let instance_id = tenant.instance_id;
    let appended = given::mutate(store, |writes| fixtures::append_events(writes, instance_id, &events));
    let (entries, head, verdict) = trail(store, instance_id);
    assert_eq!(entries, appended);
    let expected: Vec<AuditEntry> =
        events.iter().zip(1..).map(|(event, position)| AuditEntry::at_position(position, event)).collect();
    assert_eq!(entries.iter().map(|chained| chained.entry.clone()).collect::<Vec<_>>(), expected);
    let last = appended.last().unwrap();
    assert_eq!(head, Some(fixtures::seal_keys().seal_head(last.head(instance_id))));
    assert!(matches!(verdict, Verdict::Intact(checked) if checked.entries == 10));
    given::read(store, |reads| {
        for chained in &appended {
            assert_eq!(reads.find_audit_entry(instance_id, chained.entry.id)?.as_ref(), Some(chained));
        }
        assert_eq!(reads.find_audit_entry(instance_id, AuditEventId::from_bytes([0; 16]))?, None);
        Ok(())
    });
}

/// None, one, and more than a statement can take at a time, by mutations and by notes alike; a head is there from
/// the first entry on, and moves with each.
pub fn the_head_moves_with_every_number_of_entries(store: &dyn Store) {
    let tenant = given_tenant(store);
    let instance_id = tenant.instance_id;
    let events: Vec<AuditEvent> = (1..=1_205)
        .map(|number| AuditEvent {
            outcome: refused("plan_retired"),
            ..fixtures::audit_event(&tenant, number)
        })
        .collect();
    let (first, rest) = events.split_at(1);
    let (second, rest) = rest.split_at(1);
    let (third, many) = rest.split_at(3);
    assert_eq!(given::read(store, |reads| reads.audit_head(instance_id)), None);
    let mut position = 0;
    for (part, by_notes) in [(&[][..], true), (first, true), (second, false), (third, false), (many, true)] {
        let appended = if by_notes {
            given::keep_books(store, |books| fixtures::append_events(books, instance_id, part))
        } else {
            given::mutate(store, |writes| fixtures::append_events(writes, instance_id, part))
        };
        position += u64::try_from(appended.len()).unwrap();
        let head = given::read(store, |reads| reads.audit_head(instance_id));
        assert_eq!(head.map_or(0, |sealed| sealed.head.position), position);
    }
    let (entries, _, verdict) = trail(store, instance_id);
    assert_eq!(entries.len(), 1_205);
    assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
}

/// Each begins on its own and moves alone.
pub fn instances_have_chains_of_their_own(store: &dyn Store) {
    let one = given_tenant(store);
    let other = given::instance(store, 2);
    let two = given::tenant(store, &other, 2);
    for (tenant, number) in [(&one, 1), (&two, 2), (&one, 3)] {
        let event = fixtures::audit_event(tenant, number);
        given::mutate(store, |writes| fixtures::append_events(writes, tenant.instance_id, &[event]));
    }
    for (tenant, expected) in [(&one, 2), (&two, 1)] {
        let (entries, head, verdict) = trail(store, tenant.instance_id);
        assert_eq!(entries.len(), expected);
        assert_eq!(head.unwrap().head.instance_id, tenant.instance_id);
        assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
    }
}

/// With the transaction goes the entry, and the head stays where it was.
pub fn a_rolled_back_entry_leaves_the_head(store: &dyn Store) {
    let tenant = given_tenant(store);
    let instance_id = tenant.instance_id;
    let event = |number| [fixtures::audit_event(&tenant, number)];
    given::mutate(store, |writes| fixtures::append_events(writes, instance_id, &event(1)));
    let failed = store.mutate(|writes| {
        fixtures::append_events(writes, instance_id, &event(2))?;
        Err::<(), _>(turnkeep_storage::error::StoreError::Database("made up".into()))
    });
    assert!(failed.is_err());
    let (entries, head, verdict) = trail(store, instance_id);
    assert_eq!((entries.len(), head.unwrap().head.position), (1, 1));
    assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
}

/// An entry at a position that is taken is a fault, never an overwriting.
pub fn no_position_is_taken_twice(store: &dyn Store) {
    let tenant = given_tenant(store);
    let instance_id = tenant.instance_id;
    given::mutate(store, |writes| {
        fixtures::append_events(writes, instance_id, &[fixtures::audit_event(&tenant, 1)])
    });
    let forged = fixtures::chain(&ChainHead::genesis(instance_id), &[fixtures::audit_event(&tenant, 2)]);
    let head = fixtures::seal_keys().seal_head(forged.last().unwrap().head(instance_id));
    assert!(store.mutate(|writes| writes.append_audit_entries(&forged, &head)).is_err());
    let (entries, _, verdict) = trail(store, instance_id);
    assert_ne!(entries, forged);
    assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
}

/// Exactly the entries of the segment; the rest verifies, and so does what is appended afterwards.
pub fn pruning_removes_the_entries_of_its_segment(store: &dyn Store) {
    let tenant = given_tenant(store);
    let other = given::tenant(store, &given::instance(store, 2), 9);
    let events: Vec<AuditEvent> = (1..=10).map(|number| fixtures::audit_event(&tenant, number)).collect();
    let instance_id = tenant.instance_id;
    let appended = given::mutate(store, |writes| {
        fixtures::append_events(writes, other.instance_id, &[fixtures::audit_event(&other, 99)])?;
        fixtures::append_events(writes, instance_id, &events)
    });
    let mut segments = Vec::new();
    for (last, removed) in [(3, 3), (7, 4)] {
        let previous = segments.last().map(|sealed: &turnkeep_audit::segment::SealedSegment| &sealed.segment);
        let end = appended.iter().find(|chained| chained.entry.position == last).unwrap();
        let segment = Segment::up_to(&end.head(instance_id), previous, fixtures::later(5)).unwrap();
        let sealed = fixtures::seal_keys().seal_segment(segment);
        assert_eq!(given::mutate(store, |writes| writes.prune_audit_trail(&sealed)), removed);
        segments.push(sealed);
        let (entries, _, verdict) = trail(store, instance_id);
        let rest: Vec<_> = appended.iter().filter(|chained| last < chained.entry.position).cloned().collect();
        assert_eq!(entries, rest);
        assert!(matches!(verdict, Verdict::Intact(checked) if checked.pruned_up_to == last));
    }
    assert_eq!(given::read(store, |reads| reads.list_audit_segments(instance_id)), segments);
    given::mutate(store, |writes| {
        fixtures::append_events(writes, instance_id, &[fixtures::audit_event(&tenant, 11)])
    });
    let (entries, _, verdict) = trail(store, instance_id);
    assert_eq!(entries.iter().map(|chained| chained.entry.position).collect::<Vec<_>>(), [8, 9, 10, 11]);
    assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
    assert_eq!(trail(store, other.instance_id).0.len(), 1, "another instance keeps its entries");
}

/// What stays of a segment is what was pruned; whoever names another one changes nothing.
pub fn a_segment_gets_another_seal_and_nothing_else(store: &dyn Store) {
    let tenant = given_tenant(store);
    let instance_id = tenant.instance_id;
    let events: Vec<AuditEvent> = (1..=4).map(|number| fixtures::audit_event(&tenant, number)).collect();
    let appended = given::mutate(store, |writes| fixtures::append_events(writes, instance_id, &events));
    let end = appended.iter().find(|chained| chained.entry.position == 3).unwrap();
    let segment = Segment::up_to(&end.head(instance_id), None, fixtures::later(5)).unwrap();
    let sealed = fixtures::seal_keys().seal_segment(segment);
    given::mutate(store, |writes| writes.prune_audit_trail(&sealed));
    let other_keys = SealKeys::new(&MasterKeys::single(MasterKey::generate([8; 32])));
    let segments = || given::read(store, |reads| reads.list_audit_segments(instance_id));
    for forged in [
        Segment { last_position: 2, ..segment },
        Segment { first_position: 2, ..segment },
        Segment { last_hash: segment.hash_before_first, ..segment },
        Segment { hash_before_first: segment.last_hash, ..segment },
        Segment { pruned_at: fixtures::later(6), ..segment },
        Segment { instance_id: fixtures::instance(2).id, ..segment },
    ] {
        let forged = other_keys.seal_segment(forged);
        let attempt = given::mutate(store, |writes| writes.reseal_audit_segment(&forged));
        assert_eq!(attempt, Updated::Stale, "{forged:?}");
        assert_eq!(segments(), [sealed]);
    }
    let resealed = other_keys.seal_segment(segment);
    let update = given::mutate(store, |writes| writes.reseal_audit_segment(&resealed));
    assert_eq!(update, Updated::Updated);
    assert_eq!(segments(), [resealed]);
}
