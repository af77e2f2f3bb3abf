//! Making reference tokens: who may, for what, and how many.

use turnkeep_domain::app::AppState;
use turnkeep_domain::membership::Role;
use turnkeep_domain::reference_token::{ReferenceTokenKind, ReferenceTokenPolicy};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::reference_tokens::make_reference_token::{MOST_LIVE_TOKENS, make_reference_token};
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_testkit::fixtures::scopes;

use super::reference_token_verbs::wanted;
use crate::world::{World, denial};

fn code(denial: &RegistryDenial) -> &'static str {
    denial.code()
}

#[test]
fn attack_43_nobody_makes_a_token_that_the_policy_does_not_allow() {
    use ReferenceTokenPolicy::{AdministratorsOnly, AuthenticatedUsers, None};
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    for (policy, personal, service) in [
        (None, Some("reference_tokens_off"), Some("reference_tokens_off")),
        (AdministratorsOnly, Some("administrators_only"), Option::None),
        (AuthenticatedUsers, Option::None, Option::None),
    ] {
        world.set_policy(&app, policy);
        let told =
            |made: Result<_, _>| made.map(drop).err().map(|failure| code(&denial(Err::<(), _>(failure))));
        assert_eq!(told(world.pat(&ann, &app)), personal, "{policy:?}");
        assert_eq!(told(world.sat(&app)), service, "{policy:?}");
    }
    world.set_policy(&app, AdministratorsOnly);
    set_member(&world.operator(), app.tenant_id, ann.id, Role::Admin, Option::None).unwrap();
    assert!(world.pat(&ann, &app).is_ok(), "an administrator of the tenant may");
}

#[test]
fn only_administrators_of_the_tenant_make_service_tokens_and_only_people_personal_ones() {
    let world = World::new();
    let app = world.open_app();
    let sat = wanted(&app, ReferenceTokenKind::Service);
    for (role, may) in
        [(Role::Owner, true), (Role::Admin, true), (Role::Developer, false), (Role::Auditor, false)]
    {
        let context = world.tenant_caller(app.tenant_id, role);
        assert_eq!(make_reference_token(&context, &sat).is_ok(), may, "{role:?}");
    }
    let elsewhere = world.tenant("Other");
    let stranger = world.tenant_caller(elsewhere.id, Role::Owner);
    assert_eq!(code(&denial(make_reference_token(&stranger, &sat))), "not_found");
    let nobody = denial(make_reference_token(&world.operator(), &wanted(&app, ReferenceTokenKind::Personal)));
    assert_eq!(code(&nobody), "person_needed");
}

#[test]
fn a_token_is_within_what_the_app_may_have() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let ask = |wanted_scopes: &str, audience: Option<&str>| {
        let mut command = wanted(&app, ReferenceTokenKind::Personal);
        command.scopes = scopes(wanted_scopes);
        command.audience = audience.map(|audience| Audience::parse(audience).unwrap());
        make_reference_token(&world.signed_in(&ann), &command)
    };
    let made = ask("read update", Some("TrueParser.API")).unwrap();
    assert_eq!(made.token.scopes, scopes("read update"));
    assert_eq!(ask("read", None).unwrap().token.audience.as_str(), "TrueParser.API");
    for (wanted_scopes, audience, expected) in [
        ("turnkeep.operate", None, "scope_not_allowed"),
        ("nonsense", None, "scope_not_allowed"),
        ("TrueParser.API read", None, "scope_not_allowed"),
        ("read", Some("turnkeep.management"), "audience_not_allowed"),
        ("read", Some("nowhere"), "audience_not_allowed"),
    ] {
        let denial = denial(ask(wanted_scopes, audience));
        assert_eq!(code(&denial), expected, "{wanted_scopes} {audience:?}");
    }
}

#[test]
fn an_app_that_does_not_admit_the_person_is_as_good_as_absent() {
    let world = World::new();
    let app = world.open_app();
    let guest = world.user(UserKind::Community, "guest");
    assert_eq!(code(&denial(world.pat(&guest, &app))), "not_found");
    // Nor does it tell anything else.
    world.set_policy(&app, ReferenceTokenPolicy::None);
    assert_eq!(code(&denial(world.pat(&guest, &app))), "not_found");
    world.set_policy(&app, ReferenceTokenPolicy::AuthenticatedUsers);
    let ann = world.ann();
    switch_user(&world.operator(), ann.id, UserState::Disabled, None).unwrap();
    assert_eq!(code(&denial(world.pat(&ann, &app))), "not_found");
    world.switch(&app, AppState::Disabled);
    assert_eq!(code(&denial(world.sat(&app))), "app_not_usable");
}

#[test]
fn fifty_live_tokens_are_the_most_for_each_user_and_for_the_app() {
    let world = World::new();
    let (app, ann, bob) = (world.open_app(), world.ann(), world.user(UserKind::Internal, "bob"));
    let mut made = Vec::new();
    for _ in 0..MOST_LIVE_TOKENS {
        world.advance(1);
        made.push(world.pat(&ann, &app).unwrap());
    }
    assert_eq!(code(&denial(world.pat(&ann, &app))), "too_many_reference_tokens");
    assert!(world.pat(&bob, &app).is_ok() && world.sat(&app).is_ok(), "those of others are not counted");
    revoke_reference_token(&world.signed_in(&ann), app.id, made[0].token.id).unwrap();
    assert!(world.pat(&ann, &app).is_ok(), "nor are those that have ended");
}

#[test]
fn the_token_is_in_no_record() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let made = world.pat(&ann, &app).unwrap();
    let text = made.plaintext.expose();
    assert!(text.starts_with("tkpat_") && text.ends_with(made.token.hint.as_str()), "{:?}", made.token.hint);
    let events = world.events("reference_token.make");
    assert_eq!(events.len(), 1);
    assert!(!format!("{events:?}{made:?}").contains(text));
    assert!(world.sat(&app).unwrap().plaintext.expose().starts_with("tksat_"));
}
