//! Refresh tokens at introspection and revocation: their own app's business, and nobody else's (RFC 7009, RFC 7662).

use turnkeep_domain::client_type::ClientType;
use turnkeep_policy::judge_grant::GrantEnd;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::tokens::introspect_token::{IntrospectTokenDenial, Introspection, IntrospectionCaller};
use turnkeep_service::tokens::revoke_token::RevokeTokenDenial;

use super::people::{Person, grant_denial, refresh_token, world};
use crate::world::token_verbs::presented;
use crate::world::{TestApp, World, denial};

fn given() -> (World, TestApp, Person) {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let ada = world.somebody("ada");
    (world, app, ada)
}

fn introspected(world: &World, app: &TestApp, token: &str) -> Introspection {
    world.introspect(IntrospectionCaller::Client(presented(app)), token).unwrap()
}

#[test]
fn an_app_sees_its_own_refresh_token_while_it_works() {
    let (world, app, ada) = given();
    let other = world.sign_in_app("other", ClientType::Confidential);
    let issued = world.redeem(&app, &world.code_for(&app, &ada, "openid read offline_access")).unwrap();
    let token = refresh_token(&issued);
    let Introspection::ActiveRefreshToken(seen) = introspected(&world, &app, &token) else {
        panic!("inactive")
    };
    assert_eq!((seen.user_id, seen.client_id.as_str()), (ada.user.id, app.client_id.as_str()));
    assert_eq!(seen.scopes.to_string(), "offline_access openid read");
    assert_eq!(seen.expires_at.as_secs() - seen.issued_at.as_secs(), 14 * 86_400);

    assert!(matches!(introspected(&world, &other, &token), Introspection::Inactive));
    let operator = IntrospectionCaller::Bearer(world.operator_token());
    assert!(matches!(world.introspect(operator, &token).unwrap(), Introspection::Inactive));
    let acme = world.instance("acme");
    let twin = acme.sign_in_app("portal", ClientType::Confidential);
    assert!(matches!(introspected(&acme, &twin, &token), Introspection::Inactive), "attack 4");

    let next = refresh_token(&world.refresh(&app, &token).unwrap());
    assert!(matches!(introspected(&world, &app, &token), Introspection::Inactive), "used");
    assert!(matches!(introspected(&world, &app, &next), Introspection::ActiveRefreshToken(_)));
    world.advance(14 * 86_400);
    assert!(matches!(introspected(&world, &app, &next), Introspection::Inactive), "expired");
}

#[test]
fn giving_a_refresh_token_back_ends_everything_that_came_of_its_grant() {
    let (world, app, ada) = given();
    let issued = world.granted_to(&app, &ada);
    let used = refresh_token(&issued);
    let next = world.refresh(&app, &used).unwrap();
    // Attack 44: it was looked at before, and is remembered.
    assert!(world.is_active(next.access_token.expose()));
    world.revoke(&app, &used).unwrap();
    for access in [&issued.access_token, &next.access_token] {
        assert!(!world.is_active(access.expose()));
    }
    let refused = grant_denial(world.refresh(&app, &refresh_token(&next)));
    assert_eq!(refused, GrantDenial::Ended(GrantEnd::Revoked));
    world.revoke(&app, &used).unwrap();
    assert_eq!(world.events("grant.revoke").len(), 1);
}

#[test]
fn attack_4_nobody_gives_back_what_is_anothers() {
    let (world, app, ada) = given();
    let other = world.sign_in_app("other", ClientType::Confidential);
    let issued = world.granted_to(&app, &ada);
    let token = refresh_token(&issued);
    assert_eq!(denial(world.revoke(&other, &token)), RevokeTokenDenial::ForeignToken);
    let access = issued.access_token.expose();
    assert_eq!(denial(world.revoke(&other, access)), RevokeTokenDenial::ForeignToken);
    let acme = world.instance("acme");
    let twin = acme.sign_in_app("portal", ClientType::Confidential);
    acme.revoke(&twin, &token).unwrap();
    assert!(world.is_active(access));
    assert!(world.refresh(&app, &token).is_ok());
}

#[test]
fn an_access_token_can_be_given_back_by_itself() {
    let (world, app, ada) = given();
    let issued = world.granted_to(&app, &ada);
    world.revoke(&app, issued.access_token.expose()).unwrap();
    assert!(!world.is_active(issued.access_token.expose()));
    assert!(world.refresh(&app, &refresh_token(&issued)).is_ok());
}

#[test]
fn a_public_app_gives_back_what_is_its_own_and_asks_about_nothing() {
    let (world, app, ada) = given();
    let public = world.sign_in_app("phone", ClientType::Public);
    let issued = world.granted_to(&public, &ada);
    let asked = world.introspect(IntrospectionCaller::Client(presented(&public)), &refresh_token(&issued));
    let expected = IntrospectTokenDenial::Client(TokenDenial::ClientAuthenticationFailed);
    assert_eq!(denial(asked), expected);
    let foreign = world.granted_to(&app, &ada);
    for token in [foreign.access_token.expose(), &refresh_token(&foreign)] {
        assert_eq!(denial(world.revoke(&public, token)), RevokeTokenDenial::ForeignToken);
    }
    world.revoke(&public, &refresh_token(&issued)).unwrap();
    assert!(!world.is_active(issued.access_token.expose()));
    assert!(world.is_active(foreign.access_token.expose()));
}
