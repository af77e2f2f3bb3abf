//! Invitations into tenants.

use std::time::Duration;

use turnkeep_domain::id::InvitationId;
use turnkeep_domain::invitation::{Invitation, InvitationStanding};
use turnkeep_domain::membership::Role::{Admin, Auditor, Developer, Owner};
use turnkeep_domain::page::Page;
use turnkeep_domain::user::UserKind;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_invitation::MAX_PENDING_INVITATIONS;
use turnkeep_policy::permission::Permission;
use turnkeep_secret::generated::{SecretKind, generate};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::people::accept_invitation::accept_invitation;
use turnkeep_service::people::cancel_invitation::cancel_invitation;
use turnkeep_service::people::list_invitations::{InvitationFilter, find_invitation, list_invitations};
use turnkeep_service::people::list_members::find_member;
use turnkeep_service::people::remove_member::remove_member;
use turnkeep_service::people::resend_invitation::resend_invitation;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::registry::denial::RegistryDenial;

use super::people_verbs::{inviting, told};
use crate::world::{World, denial};

const LIFETIME: u64 = Invitation::LIFETIME.as_secs();

#[test]
fn the_invited_person_becomes_a_member_once() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let owner = world.member(acme.id, "owner", Owner);
    let open = inviting(&world.acting(&owner, acme.id), acme.id, "ANN", Developer).unwrap();
    // The user comes after the invitation.
    let ann = world.person("ann");
    let context = world.stranger(&ann);
    let member = accept_invitation(&context, &open.handle).unwrap();
    assert_eq!((member.user.id, member.membership.role), (ann.id, Developer));
    assert_eq!(find_member(&world.operator(), acme.id, ann.id).unwrap(), member);
    let again = denial(accept_invitation(&context, &open.handle));
    assert_eq!(again, RegistryDenial::InvitationAccepted);
    let view = find_invitation(&world.operator(), acme.id, open.invitation.id).unwrap();
    assert_eq!(view.standing, InvitationStanding::Accepted);
    let events = world.events("invitation.accept");
    let told: Vec<_> =
        events.iter().rev().map(|event| (&event.tenant_id, event.refusal.as_deref())).collect();
    assert_eq!(told, [(&Some(acme.id), None), (&None, Some("invitation_accepted"))]);
    assert_eq!(events[1].actor, ann.id.to_string());
}

#[test]
fn an_invitation_is_for_the_invited_name_only() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let open = inviting(&world.operator(), acme.id, "ann", Auditor).unwrap();
    let bob = world.person("bob");
    let elsewhere = world.bare_instance("other");
    let namesake = elsewhere.person("ann");
    for (who, context) in [
        ("another", world.stranger(&bob)),
        ("a namesake of another instance", elsewhere.stranger(&namesake)),
        ("an app", world.tenant_caller(acme.id, Developer)),
        ("the command line", world.operator()),
    ] {
        assert_eq!(denial(accept_invitation(&context, &open.handle)), RegistryDenial::NotFound, "{who}");
    }
    let ann = world.person("ann");
    for handle in [
        generate(SecretKind::Invitation, [7; 32]),
        generate(SecretKind::ManagementToken, [7; 32]),
        PlaintextSecret::new(String::new()),
        PlaintextSecret::new("tkin_short".to_owned()),
    ] {
        let refused = denial(accept_invitation(&world.stranger(&ann), &handle));
        assert_eq!(refused, RegistryDenial::NotFound);
    }
    accept_invitation(&world.stranger(&ann), &open.handle).unwrap();
}

#[test]
fn an_invitation_that_is_over_is_not_accepted() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let ann = world.person("ann");
    let accept = |handle| denial(accept_invitation(&world.stranger(&ann), handle));
    let cancelled = inviting(&world.operator(), acme.id, "ann", Auditor).unwrap();
    cancel_invitation(&world.operator(), acme.id, cancelled.invitation.id, None).unwrap();
    assert_eq!(accept(&cancelled.handle), RegistryDenial::InvitationCancelled);
    let expired = inviting(&world.operator(), acme.id, "ann", Auditor).unwrap();
    world.advance(LIFETIME);
    assert_eq!(accept(&expired.handle), RegistryDenial::InvitationExpired);
    let standing = |id| find_invitation(&world.operator(), acme.id, id).unwrap().standing;
    assert_eq!(standing(expired.invitation.id), InvitationStanding::Expired);
    assert_eq!(standing(cancelled.invitation.id), InvitationStanding::Cancelled);
    let superfluous = inviting(&world.operator(), acme.id, "ann", Owner).unwrap();
    set_member(&world.operator(), acme.id, ann.id, Auditor, None).unwrap();
    assert_eq!(accept(&superfluous.handle), RegistryDenial::AlreadyMember);
    remove_member(&world.operator(), acme.id, ann.id, None).unwrap();
    world.close(acme.id);
    assert_eq!(accept(&superfluous.handle), RegistryDenial::TenantClosed);
}

#[test]
fn sending_again_makes_a_new_handle_and_voids_the_old_one() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let first = inviting(&world.operator(), acme.id, "ann", Auditor).unwrap();
    let id = first.invitation.id;
    world.advance(LIFETIME);
    let second = resend_invitation(&world.operator(), acme.id, id).unwrap();
    assert_eq!(second.invitation.id, id);
    assert_eq!(second.invitation.expires_at, world.authority.now().plus(Duration::from_secs(LIFETIME)));
    assert_eq!(second.invitation.version, RecordVersion::FIRST.next());
    let ann = world.person("ann");
    let context = world.stranger(&ann);
    assert_eq!(denial(accept_invitation(&context, &first.handle)), RegistryDenial::NotFound);
    accept_invitation(&context, &second.handle).unwrap();
    let (resent, cancelled) = (
        denial(resend_invitation(&world.operator(), acme.id, id)),
        denial(cancel_invitation(&world.operator(), acme.id, id, None)),
    );
    // Whoever is in the tenant needs no invitation, and a used one is no longer anybody's to take back.
    assert_eq!(resent, RegistryDenial::InvitationAccepted);
    assert_eq!(cancelled, RegistryDenial::InvitationAccepted);
}

#[test]
fn a_tenant_invites_each_name_once_and_at_most_fifty_at_a_time() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    world.member(acme.id, "owner", Owner);
    let invite = |name: &str| told(inviting(&world.operator(), acme.id, name, Auditor));
    assert_eq!(invite("owner"), Some(RegistryDenial::AlreadyMember));
    for number in 0..MAX_PENDING_INVITATIONS {
        assert_eq!(invite(&format!("user{number}")), None, "{number}");
    }
    assert_eq!(invite("USER0"), Some(RegistryDenial::AlreadyInvited));
    assert_eq!(invite("one-more"), Some(RegistryDenial::TooManyInvitations));
    // Another tenant's are its own, and past ones do not count.
    inviting(&world.operator(), world.tenant("Other").id, "user0", Auditor).unwrap();
    world.advance(LIFETIME);
    assert_eq!(invite("one-more"), None);
    world.close(acme.id);
    assert_eq!(invite("late"), Some(RegistryDenial::TenantClosed));
}

#[test]
fn only_owners_invite_owners_send_their_invitations_again_or_take_them_back() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let open = inviting(&world.tenant_caller(acme.id, Owner), acme.id, "ann", Owner).unwrap();
    let admin = world.tenant_caller(acme.id, Admin);
    let id = open.invitation.id;
    for told in [
        told(inviting(&admin, acme.id, "bob", Owner)),
        told(resend_invitation(&admin, acme.id, id)),
        told(cancel_invitation(&admin, acme.id, id, None)),
    ] {
        assert_eq!(told, Some(RegistryDenial::Forbidden(Permission::ManageOwners)));
    }
    inviting(&admin, acme.id, "bob", Admin).unwrap();
    let stale = cancel_invitation(&world.operator(), acme.id, id, Some(RecordVersion::FIRST.next()));
    assert_eq!(denial(stale), RegistryDenial::StaleVersion);
    cancel_invitation(&world.operator(), acme.id, id, Some(RecordVersion::FIRST)).unwrap();
}

#[test]
fn what_a_removed_member_offered_is_offered_no_longer() {
    let world = World::bare();
    let (acme, other) = (world.tenant("Acme"), world.tenant("Other"));
    let owner = world.member(acme.id, "owner", Owner);
    let admin = world.member(acme.id, "admin", Admin);
    set_member(&world.operator(), other.id, admin.id, Admin, None).unwrap();
    let (as_owner, as_admin) = (world.acting(&owner, acme.id), world.acting(&admin, acme.id));
    let expired = inviting(&as_admin, acme.id, "expired", Auditor).unwrap();
    world.advance(LIFETIME);
    let accepted = inviting(&as_admin, acme.id, "ann", Auditor).unwrap();
    accept_invitation(&world.stranger(&world.person("ann")), &accepted.handle).unwrap();
    let pending = inviting(&as_admin, acme.id, "bob", Auditor).unwrap();
    let of_owner = inviting(&as_owner, acme.id, "cleo", Auditor).unwrap();
    let of_other_tenant = inviting(&world.acting(&admin, other.id), other.id, "bob", Auditor).unwrap();
    remove_member(&as_owner, acme.id, admin.id, None).unwrap();
    for (open, expected) in [
        (&expired, InvitationStanding::Cancelled),
        (&accepted, InvitationStanding::Accepted),
        (&pending, InvitationStanding::Cancelled),
        (&of_owner, InvitationStanding::Pending),
        (&of_other_tenant, InvitationStanding::Pending),
    ] {
        let Invitation { tenant_id, id, user_name, .. } = &open.invitation;
        let view = find_invitation(&world.operator(), *tenant_id, *id).unwrap();
        assert_eq!(view.standing, expected, "{user_name}");
    }
    let bob = world.stranger(&world.person("bob"));
    assert_eq!(denial(accept_invitation(&bob, &pending.handle)), RegistryDenial::InvitationCancelled);
    let cancelled: Vec<_> = world.events("invitation.cancel").into_iter().map(|event| event.object).collect();
    let expected = [&pending, &expired].map(|open| Some(open.invitation.id.to_string()));
    assert_eq!(cancelled, expected);
}

#[test]
fn system_users_and_disabled_users_accept_nothing() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let open = inviting(&world.operator(), acme.id, "gone", Auditor).unwrap();
    let (gone, service) = (world.person("gone"), world.user(UserKind::System, "svc"));
    let as_gone = world.stranger(&gone);
    let other = inviting(&world.operator(), acme.id, "svc", Auditor).unwrap();
    let mut as_service = world.stranger(&gone);
    as_service.caller.actor = turnkeep_domain::audit::Actor::User(service.id);
    world.disable(&gone);
    // Whoever is disabled is not even recognised; the rule holds all the same.
    assert_eq!(denial(accept_invitation(&as_gone, &open.handle)), RegistryDenial::UserDisabled);
    assert_eq!(denial(accept_invitation(&as_service, &other.handle)), RegistryDenial::SystemUser);
}

#[test]
fn invitations_are_listed_by_role_and_standing_as_of_now() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    inviting(&world.operator(), acme.id, "cleo", Admin).unwrap();
    world.advance(LIFETIME);
    inviting(&world.operator(), acme.id, "bob", Auditor).unwrap();
    world.advance(1);
    inviting(&world.operator(), acme.id, "ann", Admin).unwrap();
    let names = |filter, page: Page<InvitationId>| -> Vec<String> {
        let views = list_invitations(&world.operator(), acme.id, &filter, &page).unwrap();
        views.iter().map(|view| view.invitation.user_name.to_string()).collect()
    };
    let all = InvitationFilter::default();
    let standing = |standing| InvitationFilter { standing: Some(standing), ..all };
    assert_eq!(names(all, Page::first(9)), ["cleo", "bob", "ann"]);
    assert_eq!(names(all, Page::by_name(2)), ["ann", "bob"]);
    assert_eq!(names(standing(InvitationStanding::Pending), Page::by_name(9)), ["ann", "bob"]);
    assert_eq!(names(standing(InvitationStanding::Expired), Page::by_name(9)), ["cleo"]);
    assert_eq!(names(InvitationFilter { role: Some(Admin), ..all }, Page::by_name(9)), ["ann", "cleo"]);
}
