//! Texts that are easily taken for something else.

use turnkeep_domain::audit::{AuditEvent, AuditOutcome};
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_domain::resource::Scope;
use turnkeep_domain::tenant::Tenant;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Store;

use super::{audit, given};
use crate::fixtures;

const ODD: [&str; 10] = [
    "'; DROP TABLE apps; --",
    "\"quoted\" `back` [brackets]",
    "100%_sure\\",
    "$1 ?1 :name @p {}",
    "NULL",
    "\u{200f}שלום\u{200e}",
    "e\u{301} é ß ﬀ İ ı",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{10ffff}",
    "\\x41\\u0041",
    "0x00 1e309 true",
];

/// Names of tenants, and their uniqueness keys.
pub fn odd_names_round_trip(store: &dyn Store) {
    let instance = given::instance(store, 1);
    for (text, number) in ODD.into_iter().zip(1..) {
        let tenant = Tenant { name: fixtures::name(text), ..fixtures::tenant(&instance, number) };
        given::mutate(store, |writes| {
            assert_eq!(writes.insert_tenant(&tenant)?, Inserted::Inserted);
            assert!(writes.tenant_name_taken(instance.id, &tenant.name.uniqueness_key(), None)?);
            Ok(())
        });
        let found = given::read(store, |reads| reads.find_tenant(instance.id, tenant.id));
        assert_eq!(found, Some(tenant));
    }
}

/// Texts without a limit: descriptions and attributes of events, empty and long ones too; and objects of events,
/// which are never that long.
pub fn odd_descriptions_round_trip(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let resource = given::resource(store, &instance, 1);
    let tenant = given::tenant(store, &instance, 1);
    let long = "\u{1f600}".repeat(100_000);
    let texts = ODD.into_iter().chain(["", " ", "a\r\n\tb", long.as_str()]);
    for (text, number) in texts.zip(1..) {
        let mut scope = fixtures::scope(&resource, &format!("scope-{number}"));
        text.clone_into(&mut scope.description);
        let event = AuditEvent {
            object: (text != long).then(|| text.to_owned()),
            outcome: AuditOutcome::Done { changes: vec![audit::change(text, text)] },
            ..fixtures::audit_event(&tenant, number)
        };
        given::mutate(store, |writes| {
            assert_eq!(writes.insert_scope(instance.id, &scope)?, Inserted::Inserted);
            fixtures::append_events(writes, instance.id, std::slice::from_ref(&event)).map(drop)
        });
        given::read(store, |reads| {
            let scopes: Vec<Scope> = reads.list_scopes(instance.id)?;
            assert!(scopes.contains(&scope));
            let newest = AuditPage { after: None, direction: Direction::Descending, limit: 1 };
            let entries = reads.list_audit_trail(instance.id, &AuditFilter::default(), newest)?;
            let entry = &entries.first().unwrap().entry;
            assert_eq!(entry.object, event.object);
            let change = entry.changes.first().unwrap();
            assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some(text), Some(text)));
            Ok(())
        });
    }
}

/// A name key is compared, not matched.
pub fn wildcards_match_only_themselves(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let app = given::app(store, &tenant, 1);
    given::read(store, |reads| {
        for pattern in ["%", "app _", "app%", "*", "app ?", "App 1"] {
            assert!(!reads.app_name_taken(instance.id, tenant.id, pattern, None)?, "{pattern}");
        }
        let key = app.settings.name.uniqueness_key();
        assert!(reads.app_name_taken(instance.id, tenant.id, &key, None)?);
        Ok(())
    });
}
