//! Tenants.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::filter::TenantFilter;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::page::Page;
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::tenant::{AppLimit, Tenant, TenantState};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Inserted and updated in every form.
pub fn every_form_of_a_tenant_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let states =
        [TenantState::PendingActivation, TenantState::Active, TenantState::Suspended, TenantState::Closed];
    for (state, number) in states.into_iter().zip(1..) {
        let secret_max_age = (number % 2 == 0).then(|| SecretMaxAge::from_days(1).unwrap());
        let tenant = Tenant { state, secret_max_age, ..fixtures::tenant(&instance, number) };
        assert_eq!(given::mutate(store, |writes| writes.insert_tenant(&tenant)), Inserted::Inserted);
        let found = given::read(store, |reads| reads.find_tenant(instance.id, tenant.id));
        assert_eq!(found.as_ref(), Some(&tenant));
        let changed = Tenant {
            name: fixtures::name(&format!("Now {number}")),
            state: TenantState::Closed,
            app_limit: AppLimit::new(AppLimit::MAX).unwrap(),
            tokens_dead_below: ChangeSequence::from_number(i64::MAX),
            secret_max_age: match secret_max_age {
                Some(_) => None,
                None => Some(SecretMaxAge::from_days(SecretMaxAge::MAX_DAYS).unwrap()),
            },
            state_since: fixtures::later(3),
            version: tenant.version.next(),
            ..tenant.clone()
        };
        let updated = given::mutate(store, |writes| writes.update_tenant(&changed, tenant.version));
        assert_eq!(updated, Updated::Updated);
        let found = given::read(store, |reads| reads.find_tenant(instance.id, tenant.id));
        assert_eq!(found, Some(changed));
    }
}

/// Names that a person would take for the same are the same, within one instance.
pub fn a_tenant_name_is_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let acme = Tenant { name: fixtures::name("Acme"), ..fixtures::tenant(&here, 1) };
    let same_name = Tenant { name: fixtures::name("ＡＣＭＥ"), ..fixtures::tenant(&here, 2) };
    let elsewhere = Tenant { name: fixtures::name("Acme"), ..fixtures::tenant(&there, 3) };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_tenant(&acme)?, Inserted::Inserted);
        assert_eq!(writes.insert_tenant(&same_name)?, Inserted::Conflict);
        assert_eq!(writes.insert_tenant(&elsewhere)?, Inserted::Inserted);
        let key = same_name.name.uniqueness_key();
        assert!(writes.tenant_name_taken(here.id, &key, None)?);
        assert!(writes.tenant_name_taken(here.id, &key, Some(same_name.id))?);
        assert!(!writes.tenant_name_taken(here.id, &key, Some(acme.id))?);
        assert!(!writes.tenant_name_taken(here.id, "acme inc", None)?);
        Ok(())
    });
}

/// However many are asked for; ids that no tenant of the instance has find nothing.
pub fn tenants_are_found_by_many_ids(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let tenants: Vec<Tenant> = (1..=3).map(|number| given::tenant(store, &here, number)).collect();
    let foreign = given::tenant(store, &there, 4);
    // More than a query can name.
    let absent = (0..1_200_u16).map(|number| {
        let mut bytes = [9; 16];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        TenantId::from_bytes(bytes)
    });
    let [one, _, three] = tenants.as_slice() else { panic!("three") };
    let ids: Vec<TenantId> = [one.id].into_iter().chain(absent).chain([foreign.id, three.id]).collect();
    let mut found = given::read(store, |reads| reads.find_tenants(here.id, &ids));
    found.sort_by_key(|tenant| tenant.id);
    assert_eq!(found, [one.clone(), three.clone()]);
    assert_eq!(given::read(store, |reads| reads.find_tenants(here.id, &[])), []);
}

/// Of two updates of the same version the second is stale.
pub fn an_update_needs_the_present_version_of_a_tenant(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let one = given::tenant(store, &instance, 1);
    let changed = Tenant { version: one.version.next(), state: TenantState::Suspended, ..one.clone() };
    let late = Tenant { state: TenantState::Closed, ..changed.clone() };
    assert_eq!(given::mutate(store, |writes| writes.update_tenant(&changed, one.version)), Updated::Updated);
    assert_eq!(given::mutate(store, |writes| writes.update_tenant(&late, one.version)), Updated::Stale);
    assert_eq!(given::read(store, |reads| reads.find_tenant(instance.id, one.id)), Some(changed));
}

/// Pages follow each other without gap or overlap, and are never longer than allowed.
pub fn tenants_are_listed_page_by_page(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenants: Vec<Tenant> = (1..=5).map(|number| given::tenant(store, &instance, number)).collect();
    let mut seen = Vec::new();
    let mut page = Page::first(2);
    loop {
        let part =
            given::read(store, |reads| reads.list_tenants(instance.id, &TenantFilter::default(), &page));
        assert!(part.len() <= 2);
        let Some(last) = part.last() else {
            break;
        };
        page = Page::after(last.id, 2);
        seen.extend(part);
    }
    assert_eq!(seen, tenants);
}
