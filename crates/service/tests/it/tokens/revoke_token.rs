//! Apps give tokens back (RFC 7009).

use turnkeep_domain::app::AppState;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::clock::Clock;
use turnkeep_service::tokens::revoke_token::RevokeTokenDenial;
use turnkeep_testkit::fixtures::slug;

use crate::world::{TestApp, World, denial};

#[test]
fn an_own_token_is_inactive_from_then_on() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let (token, other) = (world.token(&app), world.token(&app));
    world.revoke(&app, &token).unwrap();
    assert!(!world.is_active(&token));
    assert!(!world.is_active_for(&app, &token));
    assert!(world.is_active(&other), "only this one");
    world.authority.keep_books().unwrap();
    world.advance(899);
    world.authority.keep_books().unwrap();
    assert!(!world.is_active(&token), "until it would have expired");
}

#[test]
fn revoking_twice_is_no_error_and_leaves_one_event() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    world.revoke(&app, &token).unwrap();
    world.revoke(&app, &token).unwrap();
    assert!(!world.is_active(&token));
    let events = world.events("token.revoke");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].actor, app.id.to_string());
    assert_eq!(events[0].object, Some(world.verify(&token).unwrap().token_id.to_string()));
}

#[test]
fn a_foreign_token_is_refused_and_lives_on() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let (app, neighbour) = (world.app(&tenant, "One"), world.app(&tenant, "Two"));
    let token = world.token(&app);
    for other in [neighbour, world.lone_app("Other")] {
        assert_eq!(denial(world.revoke(&other, &token)), RevokeTokenDenial::ForeignToken);
    }
    assert!(world.is_active(&token));
    assert!(world.events("token.revoke").is_empty());
}

#[test]
fn unknown_and_garbled_tokens_are_no_error() {
    let world = World::new();
    let other = world.instance("acme");
    let app = world.lone_app("Acme");
    let foreign = other.token(&other.lone_app("Acme"));
    for text in ["", "garbage", "a.b.c", &foreign] {
        world.revoke(&app, text).unwrap();
    }
    assert!(other.is_active(&foreign));
    assert!(world.events("token.revoke").is_empty());
}

#[test]
fn a_token_is_revoked_whatever_the_clock_of_the_asked_node_thinks_of_its_age() {
    for seconds in [3_600, -3_600] {
        let world = World::new();
        let app = world.lone_app("Acme");
        let token = world.token(&app);
        let (right, wrong) = (world.clock.now(), world.clock.now().as_micros() + seconds * 1_000_000);
        world.clock.0.set(Timestamp::from_micros(wrong));
        assert!(!world.is_active(&token), "{seconds}");
        world.revoke(&app, &token).unwrap();
        world.authority.keep_books().unwrap();
        world.clock.0.set(right);
        assert!(!world.is_active(&token), "{seconds}");
        assert_eq!(world.events("token.revoke").len(), 1, "{seconds}");
    }
}

#[test]
fn who_revokes_has_to_authenticate() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let wrong = TestApp { secret: Some("x".to_owned()), ..app.clone() };
    let failed = RevokeTokenDenial::Client(TokenDenial::ClientAuthenticationFailed);
    assert_eq!(denial(world.revoke(&wrong, &token)), failed);
    assert!(world.is_active(&token));
    world.switch(&app, AppState::Disabled);
    assert_eq!(denial(world.revoke(&app, &token)), RevokeTokenDenial::Client(TokenDenial::AppDisabled));
    let nowhere = World { slug: slug("nobody"), ..world.clone() };
    assert!(matches!(denial(nowhere.revoke(&app, &token)), RevokeTokenDenial::UnknownIssuer(_)));
}
