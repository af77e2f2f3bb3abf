//! Resources, scopes and resource servers.

use turnkeep_domain::resource::{LimitsClaims, Resource, Scope, ScopeGrant};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Inserted and updated in every form.
pub fn every_form_of_a_resource_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let mut stored = given::resource(store, &instance, 1);
    let other = given::resource(store, &instance, 2);
    for limits_claims in [LimitsClaims::Limits, LimitsClaims::Entitlements, LimitsClaims::Both] {
        for signing_algorithm in SigningAlgorithm::ALL {
            let version = stored.version.next();
            let name = fixtures::name(&format!("Now {}", version.as_number()));
            let changed = Resource { name, limits_claims, signing_algorithm, version, ..stored.clone() };
            let updated = given::mutate(store, |writes| writes.update_resource(&changed, stored.version));
            assert_eq!(updated, Updated::Updated);
            let found = given::read(store, |reads| reads.find_resource(instance.id, changed.id));
            assert_eq!(found.as_ref(), Some(&changed));
            stored = changed;
        }
    }
    assert_eq!(given::read(store, |reads| reads.list_resources(instance.id)), [stored, other]);
}

/// Inserted in every form and listed by name, byte by byte, across resources.
pub fn every_form_of_a_scope_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::resource(store, &instance, 1);
    let two = given::resource(store, &instance, 2);
    let forms = [
        (&one, "a:read", ScopeGrant::AnyApp),
        (&two, "B", ScopeGrant::Reserved),
        (&one, "b", ScopeGrant::Default),
        (&two, "A", ScopeGrant::AnyApp),
    ];
    let scopes = forms.map(|(resource, name, grant)| Scope { grant, ..fixtures::scope(resource, name) });
    given::mutate(store, |writes| {
        for scope in &scopes {
            assert_eq!(writes.insert_scope(instance.id, scope)?, Inserted::Inserted);
        }
        Ok(())
    });
    let mut by_name = scopes.to_vec();
    by_name.sort_by(|one, two| one.name.cmp(&two.name));
    assert_eq!(given::read(store, |reads| reads.list_scopes(instance.id)), by_name);
}

/// A second resource with the same audience conflicts, but not in another instance.
pub fn an_audience_is_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let resource = given::resource(store, &here, 1);
    let same = Resource { audience: resource.audience.clone(), ..fixtures::resource(&here, 2) };
    let elsewhere = Resource { audience: resource.audience.clone(), ..fixtures::resource(&there, 3) };
    assert_eq!(given::mutate(store, |writes| writes.insert_resource(&same)), Inserted::Conflict);
    assert_eq!(given::mutate(store, |writes| writes.insert_resource(&elsewhere)), Inserted::Inserted);
}

/// A second scope with the same name conflicts, even of another resource, but not in another instance.
pub fn a_scope_name_is_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let one = given::resource(store, &here, 1);
    let two = given::resource(store, &here, 2);
    let three = given::resource(store, &there, 3);
    given::scope(store, &one, "read");
    let of_other_resource = fixtures::scope(&two, "read");
    let inserted = given::mutate(store, |writes| writes.insert_scope(here.id, &of_other_resource));
    assert_eq!(inserted, Inserted::Conflict);
    given::scope(store, &three, "read");
}

/// Of two updates of the same version the second is stale.
pub fn an_update_needs_the_present_version_of_a_resource(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let resource = given::resource(store, &instance, 1);
    let changed = Resource { version: resource.version.next(), ..resource.clone() };
    for expected in [Updated::Updated, Updated::Stale] {
        let updated = given::mutate(store, |writes| writes.update_resource(&changed, resource.version));
        assert_eq!(updated, expected);
    }
}

/// Deleting names the resource as well; a second time there is none.
pub fn a_deleted_scope_is_gone(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::resource(store, &instance, 1);
    let two = given::resource(store, &instance, 2);
    let read = given::scope(store, &one, "read");
    let write = given::scope(store, &one, "write");
    given::mutate(store, |writes| {
        assert_eq!(writes.delete_scope(instance.id, two.id, &read.name)?, Deleted::Unknown);
        assert_eq!(writes.delete_scope(instance.id, one.id, &read.name)?, Deleted::Deleted);
        assert_eq!(writes.delete_scope(instance.id, one.id, &read.name)?, Deleted::Unknown);
        assert_eq!(writes.list_scopes(instance.id)?, [write]);
        Ok(())
    });
}

/// An app serves a resource from its insertion to its removal, or to its own end.
pub fn resource_servers_come_and_go(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::resource(store, &instance, 1);
    let two = given::resource(store, &instance, 2);
    let tenant = given::tenant(store, &instance, 1);
    let server = given::app(store, &tenant, 1);
    let client = given::app(store, &tenant, 2);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_resource_server(instance.id, one.id, server.id)?, Inserted::Inserted);
        assert_eq!(writes.insert_resource_server(instance.id, one.id, server.id)?, Inserted::Conflict);
        assert_eq!(writes.list_resource_servers(instance.id, one.id)?, [server.id]);
        assert!(writes.is_resource_server(instance.id, &one.audience, server.id)?);
        assert!(!writes.is_resource_server(instance.id, &two.audience, server.id)?);
        assert!(!writes.is_resource_server(instance.id, &one.audience, client.id)?);
        assert_eq!(writes.delete_resource_server(instance.id, one.id, server.id)?, Deleted::Deleted);
        assert_eq!(writes.delete_resource_server(instance.id, one.id, server.id)?, Deleted::Unknown);
        assert!(!writes.is_resource_server(instance.id, &one.audience, server.id)?);
        assert_eq!(writes.insert_resource_server(instance.id, two.id, server.id)?, Inserted::Inserted);
        assert_eq!(writes.delete_app(instance.id, tenant.id, server.id)?, Deleted::Deleted);
        assert_eq!(writes.list_resource_servers(instance.id, two.id)?, []);
        Ok(())
    });
}
