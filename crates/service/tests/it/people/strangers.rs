//! What people of one tenant find of another tenant's people: nothing (attacks 5 and 69).

use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_domain::membership::Role;
use turnkeep_domain::membership::Role::{Auditor, Owner};
use turnkeep_domain::page::Page;
use turnkeep_service::people::cancel_invitation::cancel_invitation;
use turnkeep_service::people::list_invitations::{find_invitation, list_invitations};
use turnkeep_service::people::list_members::{find_member, list_members};
use turnkeep_service::people::remove_member::remove_member;
use turnkeep_service::people::resend_invitation::resend_invitation;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::registry::denial::RegistryDenial;

use super::people_verbs::{inviting, told};
use crate::world::World;

#[test]
fn another_tenants_people_are_absent_and_untouched() {
    let world = World::bare();
    let (own, other) = (world.tenant("Own"), world.tenant("Other"));
    let mallory = world.member(own.id, "mallory", Owner);
    let ann = world.member(other.id, "ann", Auditor);
    world.member(other.id, "owner", Owner);
    let theirs = inviting(&world.operator(), other.id, "bob", Role::Admin).unwrap().invitation;
    let mine = inviting(&world.operator(), own.id, "bob", Role::Admin).unwrap().invitation;
    let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
    let context = world.acting(&mallory, own.id);
    let after_issue = world.store.read(|reads| reads.change_sequence()).unwrap();
    let absent = TenantId::from_bytes([9; 16]);
    for tenant_id in [other.id, absent] {
        for (what, told) in [
            ("list members", told(list_members(&context, tenant_id, None, &Page::first(9)))),
            ("find member", told(find_member(&context, tenant_id, ann.id))),
            ("set member", told(set_member(&context, tenant_id, ann.id, Owner, None))),
            ("add oneself", told(set_member(&context, tenant_id, mallory.id, Owner, None))),
            ("remove member", told(remove_member(&context, tenant_id, ann.id, None))),
            ("remove oneself", told(remove_member(&context, tenant_id, mallory.id, None))),
            ("invite", told(inviting(&context, tenant_id, "mallory2", Owner))),
            ("list", told(list_invitations(&context, tenant_id, &Default::default(), &Page::first(9)))),
            ("find", told(find_invitation(&context, tenant_id, theirs.id))),
            ("resend", told(resend_invitation(&context, tenant_id, theirs.id))),
            ("cancel", told(cancel_invitation(&context, tenant_id, theirs.id, None))),
        ] {
            assert_eq!(told, Some(RegistryDenial::NotFound), "{what}");
        }
    }
    // Nested: the own tenant's path with the other's records, and records of no tenant.
    for id in [theirs.id, InvitationId::from_bytes([9; 16])] {
        for told in [
            told(find_invitation(&context, own.id, id)),
            told(resend_invitation(&context, own.id, id)),
            told(cancel_invitation(&context, own.id, id, None)),
        ] {
            assert_eq!(told, Some(RegistryDenial::NotFound));
        }
    }
    assert_eq!(told(find_member(&context, own.id, ann.id)), Some(RegistryDenial::NotFound));
    assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), after_issue);
    assert!(sequence < after_issue, "issuing a token is a change");
    // Operators find nothing under a wrong tenant either.
    let crossed = told(find_invitation(&world.operator(), own.id, theirs.id));
    assert_eq!(crossed, Some(RegistryDenial::NotFound));
    assert_eq!(told(find_invitation(&context, own.id, mine.id)), None);
}

#[test]
fn another_instances_tenant_is_absent_even_for_operators() {
    let world = World::bare();
    let elsewhere = world.bare_instance("acme");
    let acme = elsewhere.tenant("Acme");
    let ann = elsewhere.member(acme.id, "ann", Owner);
    let context = world.operator();
    for told in [
        told(list_members(&context, acme.id, None, &Page::first(9))),
        told(find_member(&context, acme.id, ann.id)),
        told(set_member(&context, acme.id, ann.id, Auditor, None)),
        told(remove_member(&context, acme.id, ann.id, None)),
        told(inviting(&context, acme.id, "bob", Auditor)),
    ] {
        assert_eq!(told, Some(RegistryDenial::NotFound));
    }
}
