//! Who a token acts as: as much as was granted, for tokens of people that still count.

use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::user::UserState;
use turnkeep_service::failure::Failure;
use turnkeep_service::person_tokens::user_info::{UserInfo, user_info};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::authenticate_bearer::BearerDenial;
use turnkeep_testkit::fixtures::email;

use super::people::{Person, refresh_token, world};
use crate::world::{TestApp, World, denial};

fn asked(world: &World, token: &str) -> Result<UserInfo, Failure<BearerDenial>> {
    user_info(&world.authority, &world.slug, token, LookUp::Anywhere)
}

/// A token for these scopes.
fn token(world: &World, app: &TestApp, person: &Person, scopes: &str) -> String {
    let issued = world.redeem(app, &world.code_for(app, person, scopes)).unwrap();
    issued.access_token.expose().to_owned()
}

fn given() -> (World, TestApp, Person) {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Public);
    let ada = world.somebody("ada");
    world
        .store
        .mutate(|writes| {
            let before = writes.find_user(world.instance_id, ada.user.id)?.unwrap();
            let mut after = before.clone();
            after.email = Some(email("ada@example.com"));
            after.version = before.version.next();
            writes.update_user(&after, before.version).map(drop)
        })
        .unwrap();
    (world, app, ada)
}

#[test]
fn each_scope_tells_its_own() {
    let (world, app, ada) = given();
    for (scopes, has_profile, has_email) in [
        ("openid", false, false),
        ("openid profile", true, false),
        ("openid email", false, true),
        ("openid profile email read", true, true),
    ] {
        let info = asked(&world, &token(&world, &app, &ada, scopes)).unwrap();
        assert_eq!(info.user_id, ada.user.id);
        assert_eq!((info.profile.is_some(), info.email.is_some()), (has_profile, has_email), "{scopes}");
    }
    let info = asked(&world, &token(&world, &app, &ada, "openid profile email")).unwrap();
    let (name, user_name) = info.profile.unwrap();
    assert_eq!((name.as_str(), user_name.as_str()), ("ada", "ada"));
    assert_eq!(info.email, Some(email("ada@example.com")));
}

#[test]
fn attack_12_a_service_and_a_token_without_openid_are_refused() {
    let (world, app, ada) = given();
    let service = world.token(&world.lone_app("robot"));
    for token in [service, token(&world, &app, &ada, "read"), token(&world, &app, &ada, "profile")] {
        assert_eq!(denial(asked(&world, &token)), BearerDenial::InsufficientScope);
    }
}

#[test]
fn attack_2_and_36_dead_foreign_and_other_tokens_are_refused() {
    let (world, app, ada) = given();
    let issued = world.granted_to(&app, &ada);
    let access = issued.access_token.expose();
    assert!(asked(&world, access).is_ok());
    let acme = world.instance("acme");
    let id_token = issued.id_token.as_ref().unwrap().expose();
    for (name, world, token) in [
        ("of another instance", &acme, access),
        ("an ID token", &world, id_token),
        ("a refresh token", &world, &refresh_token(&issued)),
        ("nothing", &world, ""),
        ("cut", &world, access.split_at(access.len() - 2).0),
    ] {
        assert_eq!(denial(asked(world, token)), BearerDenial::InvalidToken, "{name}");
    }
    assert!(!world.is_active(id_token), "nor is it one at introspection");
    world.revoke(&app, &refresh_token(&issued)).unwrap();
    assert_eq!(denial(asked(&world, access)), BearerDenial::InvalidToken);

    let of_disabled = token(&world, &app, &ada, "openid");
    switch_user(&world.operator(), ada.user.id, UserState::Disabled, None).unwrap();
    assert_eq!(denial(asked(&world, &of_disabled)), BearerDenial::InvalidToken);
}

#[test]
fn an_expired_token_tells_nothing() {
    let (world, app, ada) = given();
    let access = token(&world, &app, &ada, "openid");
    world.advance(899);
    assert!(asked(&world, &access).is_ok());
    world.advance(1);
    assert_eq!(denial(asked(&world, &access)), BearerDenial::InvalidToken);
}
