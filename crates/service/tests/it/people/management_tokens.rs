//! Tokens that people use the management API with, and the users that they stand for.

use turnkeep_domain::id::{ManagementTokenId, TenantId, UserId};
use turnkeep_domain::management_token::{ManagementTokenLifetime, ManagementTokenState};
use turnkeep_domain::membership::Role::{Auditor, Owner};
use turnkeep_domain::page::Page;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::people::issue_management_token::{IssueManagementTokenCommand, issue_management_token};
use turnkeep_service::people::list_management_tokens::list_management_tokens;
use turnkeep_service::people::manage_operators::add_operator;
use turnkeep_service::people::revoke_management_token::revoke_management_token;
use turnkeep_service::people::update_user::{UserChanges, update_user};
use turnkeep_service::people::who_am_i::who_am_i;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::tokens::authenticate_bearer::{BearerDenial, Reach};
use turnkeep_testkit::fixtures::name;

use super::people_verbs::inviting;
use crate::world::{World, denial};

fn command(user_id: UserId, tenant_id: Option<TenantId>) -> IssueManagementTokenCommand {
    IssueManagementTokenCommand { user_id, tenant_id, lifetime: ManagementTokenLifetime::default() }
}

#[test]
fn tokens_are_for_people_who_are_something_where_they_act() {
    let world = World::bare();
    let (acme, closed) = (world.tenant("Acme"), world.tenant("Closed"));
    world.close(closed.id);
    let (ann, nobody) = (world.member(acme.id, "ann", Auditor), world.person("nobody"));
    let (operator, gone) = (world.person("operator"), world.person("gone"));
    add_operator(&world.operator(), operator.id).unwrap();
    world.disable(&gone);
    let service = world.user(UserKind::System, "svc");
    let foreign = world.bare_instance("acme");
    let (stranger, elsewhere) = (foreign.person("ann"), foreign.tenant("Acme"));
    for (what, user_id, tenant_id, expected) in [
        ("member", ann.id, Some(acme.id), None),
        ("anybody without tenant", nobody.id, None, None),
        ("operator", operator.id, Some(acme.id), None),
        ("no member", nobody.id, Some(acme.id), Some(RegistryDenial::NotAMember)),
        ("unknown tenant", ann.id, Some(elsewhere.id), Some(RegistryDenial::TenantUnknown)),
        ("closed tenant", operator.id, Some(closed.id), Some(RegistryDenial::TenantClosed)),
        ("system user", service.id, None, Some(RegistryDenial::SystemUser)),
        ("disabled user", gone.id, None, Some(RegistryDenial::UserDisabled)),
        ("user of another instance", stranger.id, None, Some(RegistryDenial::NotFound)),
    ] {
        let issued = issue_management_token(&world.operator(), &command(user_id, tenant_id));
        match expected {
            None => assert!(world.recognise(&issued.unwrap().plaintext).is_ok(), "{what}"),
            Some(expected) => assert_eq!(denial(issued), expected, "{what}"),
        }
    }
}

#[test]
fn a_token_ends_with_its_time_its_revocation_and_its_user() {
    let world = World::bare();
    let ann = world.person("ann");
    let lifetime = ManagementTokenLifetime::from_secs(60).unwrap();
    let short = IssueManagementTokenCommand { lifetime, ..command(ann.id, None) };
    let short = issue_management_token(&world.operator(), &short).unwrap();
    world.advance(1);
    let revoked = issue_management_token(&world.operator(), &command(ann.id, None)).unwrap();
    world.advance(1);
    let live = world.issued(&ann, None);
    let is_known = |token| world.recognise(token).is_ok();
    assert!(is_known(&short.plaintext) && is_known(&revoked.plaintext) && is_known(&live));
    world.advance(58);
    revoke_management_token(&world.operator(), ann.id, revoked.token.id).unwrap();
    assert_eq!([&short.plaintext, &revoked.plaintext, &live].map(is_known), [false, false, true]);
    let states = |state| -> Vec<_> {
        let views = list_management_tokens(&world.operator(), ann.id, state, &Page::first(9)).unwrap();
        views.iter().map(|view| view.state).collect()
    };
    use ManagementTokenState::{Expired, Live, Revoked};
    assert_eq!(states(None), [Expired, Revoked, Live]);
    assert_eq!(states(Some(Revoked)), [Revoked]);
    switch_user(&world.operator(), ann.id, UserState::Disabled, None).unwrap();
    assert_eq!(denial(world.recognise(&live)), BearerDenial::InvalidToken);
    switch_user(&world.operator(), ann.id, UserState::Active, None).unwrap();
    assert!(is_known(&live));
    for (user_id, id) in [
        (ann.id, revoked.token.id),
        (ann.id, ManagementTokenId::from_bytes([9; 16])),
        (world.person("bob").id, short.token.id),
    ] {
        let refused = revoke_management_token(&world.operator(), user_id, id);
        assert_eq!(denial(refused), RegistryDenial::NotFound);
    }
    let absent =
        list_management_tokens(&world.operator(), UserId::from_bytes([9; 16]), None, &Page::first(9));
    assert_eq!(denial(absent), RegistryDenial::NotFound);
}

#[test]
fn a_token_of_a_tenant_that_was_closed_is_good_for_nothing() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let owner = world.member(acme.id, "ann", Owner);
    let token = world.issued(&owner, Some(acme.id));
    world.close(acme.id);
    assert_eq!(denial(world.recognise(&token)), BearerDenial::InvalidToken);
}

#[test]
fn everybody_may_know_who_they_are() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let ann = world.member(acme.id, "ann", Auditor);
    let me = who_am_i(&world.acting(&ann, acme.id));
    assert_eq!(me.reach, Reach::Tenant { tenant_id: acme.id, role: Auditor });
    assert_eq!(me.actor, turnkeep_domain::audit::Actor::User(ann.id));
    assert!(!me.permissions.is_empty() && me.permissions.iter().all(|it| it.code().ends_with(".read")));
    assert_eq!(who_am_i(&world.stranger(&ann)).permissions, []);
    assert_eq!(who_am_i(&world.operator()).permissions, turnkeep_policy::permission::Permission::ALL);
}

#[test]
fn a_user_is_renamed_for_people_and_keeps_the_name_it_is_found_by() {
    let world = World::bare();
    let ann = world.person("ann");
    let changes = |text| UserChanges { display_name: Some(name(text)), ..UserChanges::default() };
    let rename = |text, version| update_user(&world.operator(), ann.id, &changes(text), version);
    let renamed = rename("Ann B.", Some(ann.version)).unwrap();
    assert_eq!((renamed.display_name, renamed.name), (name("Ann B."), ann.name.clone()));
    assert_eq!(rename("Ann B.", None).unwrap().version, RecordVersion::FIRST.next());
    assert_eq!(denial(rename("Eve", Some(ann.version))), RegistryDenial::StaleVersion);
    let absent = update_user(&world.operator(), UserId::from_bytes([9; 16]), &changes("X"), None);
    assert_eq!(denial(absent), RegistryDenial::NotFound);
    let changes = &world.events("user.update").pop().unwrap().changes;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].attribute, "display_name");
}

#[test]
fn no_handle_is_printed_or_in_the_trail() {
    let world = World::bare();
    let acme = world.tenant("Acme");
    let ann = world.person("ann");
    let issued = issue_management_token(&world.operator(), &command(ann.id, None)).unwrap();
    let open = inviting(&world.operator(), acme.id, "ann", Auditor).unwrap();
    let context = world.stranger(&ann);
    turnkeep_service::people::accept_invitation::accept_invitation(&context, &open.handle).unwrap();
    let refused = turnkeep_service::people::accept_invitation::accept_invitation(&context, &open.handle);
    let printed = format!("{issued:?} {open:?} {refused:?} {:?}", world.trail());
    for handle in [&issued.plaintext, &open.handle] {
        let (_, random) = handle.expose().split_once('_').unwrap();
        assert!(!printed.contains(random));
    }
    for action in ["management_token.issue", "invitation.create"] {
        assert!(!world.events(action).is_empty(), "{action}");
    }
}
