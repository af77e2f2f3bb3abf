//! Who sees which entries: a tenant its own, by whatever way it asks (attack 69).

use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::AuditEventId;
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_service::audit::list_events::{find_audit_event, list_audit_events};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::update_app::{AppChanges, update_app};
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::world::{World, denial};

const ALL: AuditPage = AuditPage { after: None, direction: Direction::Descending, limit: 200 };

#[test]
fn a_tenant_sees_its_own_entries_in_every_role_and_nobody_elses() {
    let world = World::new();
    let (own, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let everything = list_audit_events(&world.operator(), &AuditFilter::default(), ALL).unwrap();
    for role in Role::ALL {
        let caller = world.tenant_caller(own.tenant_id, role);
        let seen = list_audit_events(&caller, &AuditFilter::default(), ALL).unwrap();
        assert!(!seen.is_empty() && seen.len() < everything.len(), "{role}");
        for entry in &everything {
            let is_own = entry.entry.tenant_id == Some(own.tenant_id);
            assert_eq!(seen.contains(entry), is_own, "{role}");
            let found = find_audit_event(&caller, entry.entry.id);
            assert_eq!(found.is_ok(), is_own, "{role}");
        }
        let foreign = AuditFilter { tenant_id: Some(other.tenant_id), ..AuditFilter::default() };
        assert_eq!(denial(list_audit_events(&caller, &foreign, ALL)), RegistryDenial::NotFound);
        for filter in [
            AuditFilter { object: Some(other.id.to_string()), ..AuditFilter::default() },
            AuditFilter { object: Some(other.tenant_id.to_string()), ..AuditFilter::default() },
        ] {
            assert_eq!(list_audit_events(&caller, &filter, ALL).unwrap(), [], "{role}");
        }
        // A position is no secret, and no way around the filter.
        let first = AuditPage { after: Some(1), direction: Direction::Ascending, limit: 200 };
        let from_one = list_audit_events(&caller, &AuditFilter::default(), first).unwrap();
        assert!(from_one.iter().all(|entry| entry.entry.tenant_id == Some(own.tenant_id)));
    }
    let absent = AuditEventId::from_bytes([7; 16]);
    assert_eq!(denial(find_audit_event(&world.operator(), absent)), RegistryDenial::NotFound);
}

#[test]
fn an_attempt_on_another_tenants_record_is_in_the_trail_of_who_tried() {
    let world = World::new();
    let (own, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let thief = world.tenant_caller(own.tenant_id, Role::Owner);
    denial(update_app(&thief, other.id, &AppChanges::default(), None));
    let victim = world.tenant_caller(other.tenant_id, Role::Owner);
    let filter = AuditFilter { refused: Some(true), ..AuditFilter::default() };
    assert_eq!(list_audit_events(&thief, &filter, ALL).unwrap().len(), 1);
    assert_eq!(list_audit_events(&victim, &filter, ALL).unwrap(), []);
}

#[test]
fn who_reaches_nothing_sees_nothing() {
    let world = World::new();
    let nobody = world.context(Reach::Nowhere);
    let refused = denial(list_audit_events(&nobody, &AuditFilter::default(), ALL));
    assert!(matches!(refused, RegistryDenial::Forbidden(_)), "{refused:?}");
}

#[test]
fn another_instances_entries_are_absent_for_its_operators_too() {
    let world = World::new();
    let other = world.instance("other");
    let operator = other.context(Reach::Instance);
    let foreign = world.trail();
    let seen = list_audit_events(&operator, &AuditFilter::default(), ALL).unwrap();
    for entry in &foreign {
        assert!(!seen.iter().any(|known| known.entry.id == entry.id));
        assert_eq!(denial(find_audit_event(&operator, entry.id)), RegistryDenial::NotFound);
    }
}
