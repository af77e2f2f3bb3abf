//! Filters of the audit trail, each alone and every two together, in both directions.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::entry::AuditEntry;
use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::{InstanceId, RequestId};
use turnkeep_domain::page::{AuditPage, Direction, Page};
use turnkeep_domain::tenant::Tenant;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

type Wanted = Box<dyn Fn(&AuditEntry) -> bool>;

fn request(number: u8) -> RequestId {
    RequestId::from_bytes([number; 16])
}

/// One value after the other, again and again.
fn in_turn<T: Clone>(values: &[T], number: u32) -> T {
    values.iter().cycle().nth(usize::try_from(number).unwrap()).unwrap().clone()
}

/// Events that differ in everything a filter looks at, in other rhythms.
fn events(one: &Tenant, two: &Tenant) -> Vec<AuditEvent> {
    let app = fixtures::app(one, 1);
    let tenants = [Some(one.id), Some(two.id), None];
    let actors = [Actor::CommandLine, Actor::App(app.id)];
    let actions = ["app.update", "app.update_all", "tenant.update", "App.update"];
    let objects = [Some(one.id.to_string()), Some(app.id.to_string()), None, Some(String::new())];
    let outcomes = [
        AuditOutcome::Refused { code: "app_disabled" },
        AuditOutcome::Refused { code: "app_disabled_too" },
        AuditOutcome::Done { changes: Vec::new() },
        AuditOutcome::Done { changes: Vec::new() },
        AuditOutcome::Done { changes: Vec::new() },
    ];
    let requests = [Some(request(1)), Some(request(2)), None];
    let event = |number: u32| AuditEvent {
        tenant_id: in_turn(&tenants, number),
        actor: in_turn(&actors, number),
        action: in_turn(&actions, number),
        object: in_turn(&objects, number / 2),
        outcome: in_turn(&outcomes, number),
        request_id: in_turn(&requests, number / 3),
        // Time does not follow the position.
        at: fixtures::later((number * 7 % 30).into()),
        ..fixtures::audit_event(one, number)
    };
    (1..=30).map(event).collect()
}

fn filters(tenant: &Tenant) -> Vec<(AuditFilter, Wanted)> {
    let none = AuditFilter::default;
    let tenant_id = tenant.id;
    let app = fixtures::app(tenant, 1).id.to_string();
    let object = app.clone();
    let (from, to) = (fixtures::later(10), fixtures::later(20));
    let mut filters: Vec<(AuditFilter, Wanted)> = vec![
        (
            AuditFilter { tenant_id: Some(tenant_id), ..none() },
            Box::new(move |entry| entry.tenant_id == Some(tenant_id)),
        ),
        (AuditFilter { actor: Some(app.clone()), ..none() }, Box::new(move |entry| entry.actor == app)),
        (
            AuditFilter { action: Some("app.update".to_owned()), ..none() },
            Box::new(|entry| entry.action == "app.update"),
        ),
        (
            AuditFilter { object: Some(object.clone()), ..none() },
            Box::new(move |entry| entry.object.as_ref() == Some(&object)),
        ),
        (
            AuditFilter { code: Some("app_disabled".to_owned()), ..none() },
            Box::new(|entry| entry.refusal.as_deref() == Some("app_disabled")),
        ),
        (
            AuditFilter { request_id: Some(request(2)), ..none() },
            Box::new(|entry| entry.request_id == Some(request(2))),
        ),
        (AuditFilter { from: Some(from), ..none() }, Box::new(move |entry| from <= entry.at)),
        (AuditFilter { to: Some(to), ..none() }, Box::new(move |entry| entry.at < to)),
    ];
    for refused in [true, false] {
        let filter = AuditFilter { refused: Some(refused), ..none() };
        filters.push((filter, Box::new(move |entry| entry.refusal.is_some() == refused)));
    }
    filters
}

/// Both at once; where both say something about the same attribute, the first counts.
fn together(one: &AuditFilter, two: &AuditFilter) -> AuditFilter {
    let (one, two) = (one.clone(), two.clone());
    AuditFilter {
        tenant_id: one.tenant_id.or(two.tenant_id),
        actor: one.actor.or(two.actor),
        action: one.action.or(two.action),
        object: one.object.or(two.object),
        refused: one.refused.or(two.refused),
        code: one.code.or(two.code),
        request_id: one.request_id.or(two.request_id),
        from: one.from.or(two.from),
        to: one.to.or(two.to),
    }
}

/// All pages of a filter.
fn walk(
    store: &dyn Store,
    instance_id: InstanceId,
    filter: &AuditFilter,
    mut page: AuditPage,
) -> Vec<ChainedEntry> {
    let mut all: Vec<ChainedEntry> = Vec::new();
    loop {
        let part = given::read(store, |reads| reads.list_audit_trail(instance_id, filter, page));
        assert!(part.len() <= usize::try_from(page.limit).unwrap());
        let Some(last) = part.last() else {
            return all;
        };
        page.after = Some(last.entry.position);
        all.extend(part);
    }
}

/// Page by page, the oldest first and the newest first.
pub fn entries_are_filtered_by_every_attribute(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::tenant(store, &instance, 1);
    let two = given::tenant(store, &instance, 2);
    let events = events(&one, &two);
    let entries = given::mutate(store, |writes| fixtures::append_events(writes, instance.id, &events));
    let assert_found = |filter: &AuditFilter, mut expected: Vec<ChainedEntry>| {
        for (direction, limit) in [(Direction::Ascending, 7), (Direction::Descending, 100)] {
            let page = AuditPage { after: None, direction, limit };
            assert_eq!(walk(store, instance.id, filter, page), expected, "{filter:?}");
            expected.reverse();
        }
    };
    assert_found(&AuditFilter::default(), entries.clone());
    let filters = filters(&one);
    for (first, first_wants) in &filters {
        let expected: Vec<_> = entries.iter().filter(|one| first_wants(&one.entry)).cloned().collect();
        assert!((1..entries.len()).contains(&expected.len()), "it tells entries apart: {first:?}");
        assert_found(first, expected);
        for (second, second_wants) in &filters {
            let both = together(first, second);
            if both == together(second, first) {
                let wanted = entries.iter().filter(|one| first_wants(&one.entry) && second_wants(&one.entry));
                assert_found(&both, wanted.cloned().collect());
            }
        }
    }
}

/// However long a page is asked for; and from any position in both directions.
pub fn no_page_of_the_trail_is_longer_than_allowed(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let longest = Page::<()>::MAX_LIMIT;
    let events: Vec<_> = (1..=longest + 1).map(|number| fixtures::audit_event(&tenant, number)).collect();
    given::mutate(store, |writes| fixtures::append_events(writes, instance.id, &events));
    for (after, direction, first, expected) in [
        (None, Direction::Ascending, 1, longest),
        (None, Direction::Descending, u64::from(longest) + 1, longest),
        (Some(199), Direction::Ascending, 200, 2),
        (Some(3), Direction::Descending, 2, 2),
    ] {
        let page = AuditPage { after, direction, limit: u32::MAX };
        let part =
            given::read(store, |reads| reads.list_audit_trail(instance.id, &AuditFilter::default(), page));
        assert_eq!(part.len(), usize::try_from(expected).unwrap());
        assert_eq!(part.first().unwrap().entry.position, first);
    }
}
