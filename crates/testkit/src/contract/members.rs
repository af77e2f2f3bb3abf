//! Members of tenants and operators of instances.

use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::User;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_tenant_and_users(store: &dyn Store) -> (Tenant, [User; 4]) {
    let instance = given::instance(store, 1);
    let users = [1, 2, 3, 4].map(|number| given::user(store, &instance, number));
    (given::tenant(store, &instance, 1), users)
}

/// In every role, found and listed in the order of the users, and changed to every role.
pub fn every_form_of_a_membership_round_trips(store: &dyn Store) {
    let (tenant, users) = given_tenant_and_users(store);
    let instance_id = tenant.instance_id;
    let mut members: Vec<Membership> = users
        .iter()
        .zip(Role::ALL)
        .map(|(user, role)| Membership {
            created_at: fixtures::later(7),
            ..fixtures::membership(&tenant, user, role)
        })
        .collect();
    given::mutate(store, |writes| {
        for member in members.iter().rev() {
            assert_eq!(writes.insert_membership(instance_id, member)?, Inserted::Inserted);
        }
        for member in &mut members {
            for role in Role::ALL {
                let changed = Membership { role, version: member.version.next(), ..*member };
                let updated = writes.update_membership(instance_id, &changed, member.version)?;
                assert_eq!(updated, Updated::Updated);
                let found = writes.find_membership(instance_id, tenant.id, member.user_id)?;
                assert_eq!(found, Some(changed));
                *member = changed;
            }
        }
        assert_eq!(writes.list_members(instance_id, tenant.id)?, members);
        Ok(())
    });
}

/// A second place in the same tenant conflicts and changes nothing.
pub fn a_user_has_one_place_in_a_tenant(store: &dyn Store) {
    let (tenant, [user, ..]) = given_tenant_and_users(store);
    let member = fixtures::membership(&tenant, &user, Role::Auditor);
    let better = Membership { role: Role::Owner, ..member };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_membership(tenant.instance_id, &member)?, Inserted::Inserted);
        assert_eq!(writes.insert_membership(tenant.instance_id, &better)?, Inserted::Conflict);
        assert_eq!(writes.list_members(tenant.instance_id, tenant.id)?, [member]);
        Ok(())
    });
}

/// In the order of the tenants; the places of others are not among them.
pub fn a_user_is_a_member_of_many_tenants(store: &dyn Store) {
    let (tenant, [user, other, ..]) = given_tenant_and_users(store);
    let second = given::tenant(store, &fixtures::instance(1), 2);
    let places = [
        fixtures::membership(&tenant, &user, Role::Owner),
        fixtures::membership(&second, &user, Role::Auditor),
    ];
    let others = fixtures::membership(&second, &other, Role::Owner);
    let instance_id = tenant.instance_id;
    given::mutate(store, |writes| {
        for place in [places[1], places[0], others] {
            assert_eq!(writes.insert_membership(instance_id, &place)?, Inserted::Inserted);
        }
        assert_eq!(writes.list_memberships_of_user(instance_id, user.id)?, places);
        Ok(())
    });
}

/// Of two updates of the same version the second is stale, and so is one of a membership that is gone.
pub fn an_update_needs_the_present_version_of_a_membership(store: &dyn Store) {
    let (tenant, [user, absent, ..]) = given_tenant_and_users(store);
    let instance_id = tenant.instance_id;
    let member = fixtures::membership(&tenant, &user, Role::Owner);
    let changed = Membership { role: Role::Admin, version: member.version.next(), ..member };
    let late = Membership { role: Role::Auditor, ..changed };
    let nobody = fixtures::membership(&tenant, &absent, Role::Owner);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_membership(instance_id, &member)?, Inserted::Inserted);
        assert_eq!(writes.update_membership(instance_id, &changed, member.version)?, Updated::Updated);
        assert_eq!(writes.update_membership(instance_id, &late, member.version)?, Updated::Stale);
        assert_eq!(writes.update_membership(instance_id, &nobody, nobody.version)?, Updated::Stale);
        assert_eq!(writes.list_members(instance_id, tenant.id)?, [changed]);
        Ok(())
    });
}

/// Once; the other members stay, and the user can come back.
pub fn a_removed_member_is_gone(store: &dyn Store) {
    let (tenant, [user, other, ..]) = given_tenant_and_users(store);
    let instance_id = tenant.instance_id;
    let member = fixtures::membership(&tenant, &user, Role::Owner);
    let stays = fixtures::membership(&tenant, &other, Role::Owner);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_membership(instance_id, &member)?, Inserted::Inserted);
        assert_eq!(writes.insert_membership(instance_id, &stays)?, Inserted::Inserted);
        assert_eq!(writes.delete_membership(instance_id, tenant.id, user.id)?, Deleted::Deleted);
        assert_eq!(writes.delete_membership(instance_id, tenant.id, user.id)?, Deleted::Unknown);
        assert_eq!(writes.find_membership(instance_id, tenant.id, user.id)?, None);
        assert_eq!(writes.list_members(instance_id, tenant.id)?, [stays]);
        assert_eq!(writes.insert_membership(instance_id, &member)?, Inserted::Inserted);
        Ok(())
    });
}

/// Listed in the order of the users with the time since when; a second appointment conflicts.
pub fn operators_come_and_go(store: &dyn Store) {
    let (tenant, [one, two, nobody, _]) = given_tenant_and_users(store);
    let instance_id = tenant.instance_id;
    let [first, second, third] = [1, 2, 3].map(fixtures::later);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_operator(instance_id, two.id, first)?, Inserted::Inserted);
        assert_eq!(writes.insert_operator(instance_id, one.id, second)?, Inserted::Inserted);
        assert_eq!(writes.insert_operator(instance_id, two.id, third)?, Inserted::Conflict);
        assert_eq!(writes.list_operators(instance_id)?, [(one.id, second), (two.id, first)]);
        for (user, expected) in [(&one, true), (&two, true), (&nobody, false)] {
            assert_eq!(writes.is_operator(instance_id, user.id)?, expected);
        }
        assert_eq!(writes.delete_operator(instance_id, two.id)?, Deleted::Deleted);
        assert_eq!(writes.delete_operator(instance_id, two.id)?, Deleted::Unknown);
        assert!(!writes.is_operator(instance_id, two.id)?);
        assert_eq!(writes.list_operators(instance_id)?, [(one.id, second)]);
        Ok(())
    });
}
