//! Invitations that go out by mail, and what becomes of them on the account pages.

use std::time::Duration;

use turnkeep_domain::invitation::Invitation;
use turnkeep_domain::membership::Role::{Auditor, Developer};
use turnkeep_domain::user::User;
use turnkeep_domain::user::UserKind::{Community, Internal, System};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::people::accept_invitation::accept_invitation_as;
use turnkeep_service::people::cancel_invitation::cancel_invitation;
use turnkeep_service::people::list_members::find_member;
use turnkeep_service::people::look_at_invitation::{InvitationOffer, look_at_invitation};
use turnkeep_service::people::resend_invitation::resend_invitation;
use turnkeep_service::registry::denial::RegistryDenial;

use super::people_verbs::{inviting, told};
use crate::world::{World, denial};

const ADA: Option<&str> = Some("ada@example.com");

/// The handle in a mail of this issuer.
#[track_caller]
fn handle_in(text: &str, issuer: &str) -> PlaintextSecret {
    let (_, rest) = text.split_once(&format!("{issuer}/account/invitation?token=")).unwrap();
    PlaintextSecret::new(rest.split_whitespace().next().unwrap().to_owned())
}

#[test]
fn an_invited_person_with_an_address_gets_one_mail_and_accepts_by_it() {
    let (world, outbox) = World::bare().with_outbox();
    let acme = world.tenant("Acme");
    let ada = world.human_without_password(Community, "ada", ADA);
    let open = inviting(&world.operator(), acme.id, "ADA", Developer).unwrap();
    let mails = outbox.mails();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to, "ada@example.com");
    let handle = handle_in(&mail.text, "https://id.example.com");
    assert_eq!(handle.expose(), open.handle.expose());
    for expected in ["ada", "developer", "Platform", "72 hours"] {
        assert!(mail.text.contains(expected), "{expected}: {}", mail.text);
    }
    // Tenants choose their names themselves, and do not write to people with them.
    assert!(!mail.text.contains("Acme") && !mail.subject.contains("Acme"), "{mail:?}");

    let trail = world.trail().len();
    let expected = InvitationOffer {
        tenant_name: acme.name.clone(),
        role: Developer,
        expires_at: open.invitation.expires_at,
    };
    for _ in 0..2 {
        let offer = look_at_invitation(&world.authority, &ada, &handle).unwrap();
        assert_eq!(offer, Some(expected.clone()));
    }
    assert_eq!(world.trail().len(), trail, "looking changes nothing");
    let member = accept_invitation_as(&world.authority, &ada, &handle, None).unwrap();
    assert_eq!(find_member(&world.operator(), acme.id, ada.id).unwrap(), member);
    assert_eq!(world.events("invitation.accept")[0].actor, ada.id.to_string());
    assert_eq!(look_at_invitation(&world.authority, &ada, &handle).unwrap(), None);
    let again = denial(accept_invitation_as(&world.authority, &ada, &handle, None));
    assert_eq!(again, RegistryDenial::InvitationAccepted);
    assert_eq!(outbox.mails().len(), 1);
    assert!(!format!("{:?}", world.trail()).contains(handle.expose()));
}

#[test]
fn nobody_else_gets_a_mail_and_the_tenant_is_told_the_same() {
    let (world, outbox) = World::bare().with_outbox();
    let acme = world.tenant("Acme");
    let other = world.bare_instance("other");
    other.human_without_password(Internal, "elsewhere", Some("elsewhere@example.com"));
    world.human_without_password(Internal, "nomail", None);
    let gone = world.human_without_password(Internal, "gone", Some("gone@example.com"));
    world.disable(&gone);
    world.human_without_password(System, "service", Some("service@example.com"));
    for name in ["elsewhere", "nomail", "gone", "service", "nobody", "nobody@example.com"] {
        let open = inviting(&world.operator(), acme.id, name, Auditor).unwrap();
        resend_invitation(&world.operator(), acme.id, open.invitation.id).unwrap();
    }
    // What is refused is not mailed.
    let ada = world.human_without_password(Internal, "ada", ADA);
    let stranger = world.stranger(&ada);
    assert!(matches!(told(inviting(&stranger, acme.id, "ada", Auditor)), Some(RegistryDenial::Forbidden(_))));
    world.close(acme.id);
    assert_eq!(
        told(inviting(&world.operator(), acme.id, "ada", Auditor)),
        Some(RegistryDenial::TenantClosed)
    );
    assert_eq!(outbox.mails().len(), 0);
}

#[test]
fn a_mail_leads_to_the_instance_of_the_tenant() {
    let (world, outbox) = World::bare().with_outbox();
    let other = world.bare_instance("other");
    let namesake = world.human_without_password(Internal, "ada", Some("namesake@example.com"));
    let ada = other.human_without_password(Internal, "ada", ADA);
    let acme = other.tenant("Acme");
    inviting(&other.operator(), acme.id, "ada", Auditor).unwrap();
    let mails = outbox.mails();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to, "ada@example.com");
    let handle = handle_in(&mail.text, "https://id.example.com/i/other");
    assert_eq!(look_at_invitation(&world.authority, &namesake, &handle).unwrap(), None);
    let refused = denial(accept_invitation_as(&world.authority, &namesake, &handle, None));
    assert_eq!(refused, RegistryDenial::NotFound);
    accept_invitation_as(&world.authority, &ada, &handle, None).unwrap();
}

#[test]
fn a_mailed_invitation_shows_nothing_to_others_and_nothing_once_it_is_over() {
    let (world, outbox) = World::bare().with_outbox();
    let acme = world.tenant("Acme");
    let ada = world.human_without_password(Internal, "ada", ADA);
    let bob = world.human_without_password(Internal, "bob", None);
    let last_handle = || handle_in(&outbox.mails().last().unwrap().text, "https://id.example.com");
    let open = inviting(&world.operator(), acme.id, "ada", Auditor).unwrap();
    let first = last_handle();
    let looks = |user: &User, handle: &PlaintextSecret| {
        look_at_invitation(&world.authority, user, handle).unwrap().is_some()
    };
    assert!(looks(&ada, &first) && !looks(&bob, &first));
    let refused = denial(accept_invitation_as(&world.authority, &bob, &first, None));
    assert_eq!(refused, RegistryDenial::NotFound);
    world.advance(Invitation::LIFETIME.as_secs());
    assert!(!looks(&ada, &first), "expired");
    resend_invitation(&world.operator(), acme.id, open.invitation.id).unwrap();
    let second = last_handle();
    assert!(looks(&ada, &second) && !looks(&ada, &first), "replaced");
    cancel_invitation(&world.operator(), acme.id, open.invitation.id, None).unwrap();
    assert!(!looks(&ada, &second), "taken back");
    for text in ["", "tkin_", "tkin_short", "tkal_other"] {
        assert!(!looks(&ada, &PlaintextSecret::new(text.to_owned())), "{text}");
    }
}

#[test]
fn a_tenant_floods_nobody_with_mail() {
    let (world, outbox) = World::bare().with_outbox();
    let acme = world.tenant("Acme");
    world.human_without_password(Internal, "ada", ADA);
    let invite_and_cancel = || {
        let open = inviting(&world.operator(), acme.id, "ada", Auditor).unwrap();
        cancel_invitation(&world.operator(), acme.id, open.invitation.id, None).unwrap();
    };
    for _ in 0..5 {
        invite_and_cancel();
    }
    let open = inviting(&world.operator(), acme.id, "ada", Auditor).unwrap();
    for _ in 0..5 {
        resend_invitation(&world.operator(), acme.id, open.invitation.id).unwrap();
    }
    assert_eq!(outbox.mails().len(), 3);
    // Another tenant is none the worse for it.
    let globex = world.tenant("Globex");
    inviting(&world.operator(), globex.id, "ada", Auditor).unwrap();
    assert_eq!(outbox.mails().len(), 4);
    world.clock.0.pause(Duration::from_secs(300));
    for _ in 0..2 {
        resend_invitation(&world.operator(), acme.id, open.invitation.id).unwrap();
    }
    assert_eq!(outbox.mails().len(), 5);
}
