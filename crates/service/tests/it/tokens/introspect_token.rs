//! Who may know what of a token. What kills tokens is in `kills`.

use turnkeep_domain::app::AppState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::manage_resource::{add_resource_server, remove_resource_server};
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::tokens::authenticate_bearer::{BearerDenial, MANAGE_SCOPE};
use turnkeep_service::tokens::introspect_token::{IntrospectTokenDenial, Introspection, IntrospectionCaller};
use turnkeep_testkit::fixtures::slug;

use crate::world::registry_verbs::API;
use crate::world::token_verbs::presented;
use crate::world::{TestApp, World, denial};

#[test]
fn an_app_sees_its_own_token_as_it_is() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let seen = world.introspect(IntrospectionCaller::Client(presented(&app)), &token).unwrap();
    let Introspection::Active(seen) = seen else { panic!("inactive") };
    assert_eq!(*seen, world.verify(&token).unwrap());
    assert_eq!((seen.client_id.as_str(), seen.audience.as_str()), (app.client_id.as_str(), API));
}

#[test]
fn another_app_sees_nothing_unless_it_serves_the_resource() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let (app, neighbour) = (world.app(&tenant, "One"), world.app(&tenant, "Two"));
    let stranger = world.lone_app("Other");
    let token = world.token(&app);
    assert!(!world.is_active_for(&neighbour, &token));
    assert!(!world.is_active_for(&stranger, &token));
    add_resource_server(&world.operator(), world.api().id, stranger.id).unwrap();
    assert!(world.is_active_for(&stranger, &token));
    assert!(!world.is_active_for(&neighbour, &token));
    remove_resource_server(&world.operator(), world.api().id, stranger.id).unwrap();
    assert!(!world.is_active_for(&stranger, &token));
}

#[test]
fn a_resource_server_sees_only_tokens_for_its_resource() {
    let world = World::new();
    let server = world.lone_app("Server");
    add_resource_server(&world.operator(), world.api().id, server.id).unwrap();
    let manager = world.app_with_scopes(&world.tenant("Acme"), "Manager", MANAGE_SCOPE);
    assert!(!world.is_active_for(&server, &world.token(&manager)));
}

#[test]
fn a_bearer_needs_to_be_an_operator() {
    let world = World::new();
    let manager = world.app_with_scopes(&world.tenant("Acme"), "Manager", MANAGE_SCOPE);
    let own = world.token(&manager);
    let ask = |bearer: &str| world.introspect(IntrospectionCaller::Bearer(bearer.to_owned()), &own);
    assert!(matches!(ask(&world.operator_token()).unwrap(), Introspection::Active(_)));
    let lacking = IntrospectTokenDenial::Bearer(BearerDenial::InsufficientScope);
    let invalid = IntrospectTokenDenial::Bearer(BearerDenial::InvalidToken);
    assert_eq!(denial(ask(&own)), lacking);
    assert_eq!(denial(ask(&world.token(&world.lone_app("App")))), invalid);
    assert_eq!(denial(ask("garbage")), invalid);
}

#[test]
fn a_caller_that_is_stopped_is_told_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&world.lone_app("Other"));
    let ask = |app: &TestApp| denial(world.introspect(IntrospectionCaller::Client(presented(app)), &token));
    let wrong = TestApp { secret: Some("x".to_owned()), ..app.clone() };
    let failed = IntrospectTokenDenial::Client(TokenDenial::ClientAuthenticationFailed);
    assert_eq!(ask(&wrong), failed);
    assert_eq!(ask(&TestApp { secret: None, ..app.clone() }), failed);
    let nobody = TestApp { client_id: "nobody".to_owned(), ..app.clone() };
    assert_eq!(ask(&nobody), IntrospectTokenDenial::Client(TokenDenial::AppUnknown));
    world.switch(&app, AppState::Disabled);
    assert_eq!(ask(&app), IntrospectTokenDenial::Client(TokenDenial::AppDisabled));
    world.switch(&app, AppState::Enabled);
    world.step_tenant(app.tenant_id, TenantStep::Suspend);
    assert_eq!(ask(&app), IntrospectTokenDenial::Client(TokenDenial::TenantSuspended));
}

#[test]
fn garbage_expired_and_foreign_tokens_are_inactive() {
    let world = World::new();
    let other = world.instance("acme");
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let foreign = other.token(&other.lone_app("Acme"));
    assert!(other.is_active(&foreign));
    assert!(!world.is_active(&foreign));
    assert!(!other.is_active(&token));
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    for text in ["", "garbage", "a.b.c", &"x".repeat(100_000), signed, &format!("{signed}.{flipped}")] {
        assert!(!world.is_active(text), "{text:.60}");
    }
    world.advance(899);
    assert!(world.is_active(&token));
    world.advance(1);
    assert!(!world.is_active(&token), "no skew for ourselves");
}

#[test]
fn an_unknown_issuer_answers_nobody() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let nowhere = World { slug: slug("nobody"), ..world.clone() };
    let asked = nowhere.introspect(IntrospectionCaller::Client(presented(&app)), "garbage");
    assert!(matches!(denial(asked), IntrospectTokenDenial::UnknownIssuer(_)));
}
