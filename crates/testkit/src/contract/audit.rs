//! The audit trail.

use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::id::RequestId;
use turnkeep_domain::tenant::Tenant;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_tenant(store: &dyn Store) -> Tenant {
    let instance = given::instance(store, 1);
    given::tenant(store, &instance, 1)
}

/// Every kind of actor and outcome, with and without what is optional.
pub fn every_form_of_an_event_is_read_back(store: &dyn Store) {
    let tenant = given_tenant(store);
    let app = fixtures::app(&tenant, 1);
    let user = fixtures::user(&fixtures::instance(1), 1);
    let actors = [
        (Actor::System, "system".to_owned()),
        (Actor::CommandLine, "command-line".to_owned()),
        (Actor::Anonymous, "anonymous".to_owned()),
        (Actor::App(app.id), app.id.to_string()),
        (Actor::User(user.id), user.id.to_string()),
    ];
    let request_id = RequestId::from_bytes([9; 16]);
    for ((actor, text), number) in actors.into_iter().zip(1..) {
        let event = AuditEvent { actor, ..fixtures::audit_event(&tenant, number) };
        let refused = AuditEvent {
            tenant_id: None,
            object: None,
            outcome: AuditOutcome::Refused { code: "app_disabled" },
            request_id: Some(request_id),
            ..fixtures::audit_event(&tenant, number + 100)
        };
        given::mutate(store, |writes| {
            writes.insert_audit_event(&event)?;
            writes.insert_audit_event(&refused)
        });
        let entries = given::read(store, |reads| reads.list_audit_events(tenant.instance_id, None, 1_000));
        let found = |id: String| entries.iter().find(|entry| entry.id == id).unwrap();
        let entry = found(event.id.to_string());
        assert_eq!(entry.actor, text);
        assert_eq!(entry.tenant_id, Some(tenant.id.to_string()));
        assert_eq!(entry.object, event.object);
        assert_eq!((entry.action.as_str(), entry.at), (event.action, event.at));
        assert_eq!((&entry.refusal, &entry.request_id), (&None, &None));
        assert_eq!(entry.changes, r#"[{"attribute":"name","before":"Old","after":"New"}]"#);
        let entry = found(refused.id.to_string());
        assert_eq!(entry.refusal.as_deref(), Some("app_disabled"));
        assert_eq!(entry.request_id, Some(request_id.to_string()));
        assert_eq!((&entry.tenant_id, &entry.object), (&None, &None));
        assert_eq!(entry.changes, "[]");
    }
}

/// And no more events than asked for; of one tenant, only its own.
pub fn the_newest_event_comes_first(store: &dyn Store) {
    let tenant = given_tenant(store);
    let other = given::tenant(store, &fixtures::instance(1), 2);
    let events = [
        fixtures::audit_event(&tenant, 2),
        fixtures::audit_event(&tenant, 3),
        fixtures::audit_event(&other, 4),
        fixtures::audit_event(&tenant, 1),
    ];
    given::mutate(store, |writes| events.iter().try_for_each(|event| writes.insert_audit_event(event)));
    let [two, three, four, one] = events.map(|event| event.id.to_string());
    let listed = |tenant_id, limit| -> Vec<String> {
        let list = given::read(store, |reads| reads.list_audit_events(tenant.instance_id, tenant_id, limit));
        list.into_iter().map(|entry| entry.id).collect()
    };
    assert_eq!(listed(None, 10), [&four, &three, &two, &one].map(String::as_str));
    assert_eq!(listed(None, 2), [&four, &three].map(String::as_str));
    assert_eq!(listed(Some(tenant.id), 10), [&three, &two, &one].map(String::as_str));
}

/// None, one, and more than a statement can take at a time.
pub fn refusals_are_added_in_any_number(store: &dyn Store) {
    let tenant = given_tenant(store);
    let refusals: Vec<AuditEvent> = (1..=1_201)
        .map(|number| AuditEvent {
            outcome: AuditOutcome::Refused { code: "plan_retired" },
            ..fixtures::audit_event(&tenant, number)
        })
        .collect();
    let (one, many) = refusals.split_at(1);
    for part in [&[], one, many] {
        given::keep_books(store, |books| books.insert_refusals(part));
    }
    let entries = given::read(store, |reads| reads.list_audit_events(tenant.instance_id, None, 5_000));
    assert_eq!(entries.len(), 1_201);
    assert!(entries.iter().all(|entry| entry.refusal.as_deref() == Some("plan_retired")));
}

/// A change of a name.
pub(super) fn change(before: &str, after: &str) -> AttributeChange {
    AttributeChange { attribute: "name", before: Some(before.to_owned()), after: Some(after.to_owned()) }
}
