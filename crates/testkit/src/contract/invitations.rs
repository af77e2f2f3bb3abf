//! Invitations to tenants.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::filter::Search;
use turnkeep_domain::invitation::{Invitation, InvitationState};
use turnkeep_domain::membership::Role;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::UserName;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_tenant(store: &dyn Store) -> Tenant {
    let instance = given::instance(store, 1);
    given::tenant(store, &instance, 1)
}

/// In every role and state, found by id and handle, and listed in the order of creation.
pub fn every_form_of_an_invitation_round_trips(store: &dyn Store) {
    let tenant = given_tenant(store);
    let user = fixtures::user(&fixtures::instance(1), 1);
    let at = fixtures::later(9);
    let states = [
        InvitationState::Pending,
        InvitationState::Accepted { by: user.id, at },
        InvitationState::Cancelled { at },
        InvitationState::Pending,
    ];
    let mut forms: Vec<Invitation> = Vec::new();
    for ((role, state), number) in Role::ALL.into_iter().zip(states).zip(1..) {
        let invited_by = if number % 2 == 0 { Actor::User(user.id) } else { Actor::CommandLine };
        let expires_at = fixtures::later(60);
        let form =
            Invitation { role, state, invited_by, expires_at, ..fixtures::invitation(&tenant, number) };
        let handle = fixtures::hash(number);
        given::mutate(store, |writes| {
            assert_eq!(writes.insert_invitation(&form, &handle)?, Inserted::Inserted);
            let found = writes.find_invitation(tenant.instance_id, tenant.id, form.id)?;
            assert_eq!(found.as_ref(), Some(&form));
            let found = writes.find_invitation_by_handle(tenant.instance_id, &handle)?;
            assert_eq!(found.as_ref(), Some(&form));
            Ok(())
        });
        forms.push(form);
    }
    let listed = given::read(store, |reads| reads.list_invitations(tenant.instance_id, tenant.id));
    assert_eq!(listed, forms);
}

/// Those of one tenant or of all, the newest first; what was accepted or cancelled is not among them.
pub fn open_invitations_are_found_by_a_part_of_the_name(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let (acme, bolt) = (given::tenant(store, &instance, 1), given::tenant(store, &instance, 2));
    let at = fixtures::later(9);
    let invited = |tenant: &Tenant, number, name: &str, state| Invitation {
        user_name: UserName::parse(name).unwrap(),
        state,
        ..fixtures::invitation(tenant, number)
    };
    let forms = [
        invited(&acme, 1, "ada.lovelace", InvitationState::Pending),
        invited(&acme, 2, "ada.byron", InvitationState::Cancelled { at }),
        invited(&bolt, 3, "bada", InvitationState::Pending),
        invited(&acme, 4, "adam", InvitationState::Pending),
        invited(&acme, 5, "grace", InvitationState::Pending),
    ];
    for (form, number) in forms.iter().zip(1..) {
        let inserted = given::mutate(store, |writes| writes.insert_invitation(form, &fixtures::hash(number)));
        assert_eq!(inserted, Inserted::Inserted);
    }
    for (tenant_id, text, limit, expected) in [
        (None, "ADA", 9, vec![4, 3, 1]),
        (None, "ada", 2, vec![4, 3]),
        (Some(acme.id), "ada", 9, vec![4, 1]),
        (Some(bolt.id), "ada", 9, vec![3]),
        (None, "_", 9, vec![]),
        (None, "byron", 9, vec![]),
    ] {
        let search = Search::parse(text).unwrap();
        let found =
            given::read(store, |reads| reads.search_open_invitations(instance.id, tenant_id, &search, limit));
        let expected: Vec<_> =
            expected.into_iter().filter_map(|number: usize| forms.get(number - 1)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{text}");
    }
}

/// From every state to every other; the handle stays until there is a new one, and then no longer works.
pub fn an_update_writes_state_expiry_and_handle(store: &dyn Store) {
    let tenant = given_tenant(store);
    let instance_id = tenant.instance_id;
    let user = fixtures::user(&fixtures::instance(1), 1);
    let mut stored = fixtures::invitation(&tenant, 1);
    let mut handle = fixtures::hash(1);
    assert_eq!(given::mutate(store, |writes| writes.insert_invitation(&stored, &handle)), Inserted::Inserted);
    let at = fixtures::later(5);
    let states = [
        (InvitationState::Accepted { by: user.id, at }, None),
        (InvitationState::Pending, Some(fixtures::hash(2))),
        (InvitationState::Cancelled { at }, None),
        (InvitationState::Accepted { by: user.id, at }, Some(fixtures::hash(3))),
    ];
    for ((state, new_handle), number) in states.into_iter().zip(100..) {
        let changed = Invitation {
            state,
            expires_at: fixtures::later(number),
            version: stored.version.next(),
            ..stored.clone()
        };
        given::mutate(store, |writes| {
            let updated = writes.update_invitation(&changed, new_handle.as_ref(), stored.version)?;
            assert_eq!(updated, Updated::Updated);
            if let Some(new_handle) = new_handle {
                assert_eq!(writes.find_invitation_by_handle(instance_id, &handle)?, None);
                handle = new_handle;
            }
            let found = writes.find_invitation_by_handle(instance_id, &handle)?;
            assert_eq!(found.as_ref(), Some(&changed));
            Ok(())
        });
        stored = changed;
    }
}

/// Of two updates of the same version the second is stale, and its handle does not work.
pub fn an_update_needs_the_present_version_of_an_invitation(store: &dyn Store) {
    let tenant = given_tenant(store);
    let pending = fixtures::invitation(&tenant, 1);
    let (handle, late_handle) = (fixtures::hash(1), fixtures::hash(2));
    let cancelled = InvitationState::Cancelled { at: fixtures::later(1) };
    let changed = Invitation { state: cancelled, version: pending.version.next(), ..pending.clone() };
    let late = Invitation { state: InvitationState::Pending, ..changed.clone() };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_invitation(&pending, &handle)?, Inserted::Inserted);
        assert_eq!(writes.update_invitation(&changed, None, pending.version)?, Updated::Updated);
        assert_eq!(writes.update_invitation(&late, Some(&late_handle), pending.version)?, Updated::Stale);
        assert_eq!(writes.find_invitation_by_handle(tenant.instance_id, &late_handle)?, None);
        assert_eq!(writes.list_invitations(tenant.instance_id, tenant.id)?, [changed]);
        Ok(())
    });
}

/// Two invitations never share a handle; the same person can be invited twice.
pub fn an_invitation_handle_is_taken_once(store: &dyn Store) {
    let tenant = given_tenant(store);
    let first = fixtures::invitation(&tenant, 1);
    let second = Invitation { user_name: first.user_name.clone(), ..fixtures::invitation(&tenant, 2) };
    let handle = fixtures::hash(1);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_invitation(&first, &handle)?, Inserted::Inserted);
        assert_eq!(writes.insert_invitation(&second, &handle)?, Inserted::Conflict);
        assert_eq!(writes.insert_invitation(&second, &fixtures::hash(2))?, Inserted::Inserted);
        assert_eq!(writes.list_invitations(tenant.instance_id, tenant.id)?, [first, second]);
        Ok(())
    });
}
