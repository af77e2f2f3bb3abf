//! What introspection tells of reference tokens, and whom.

use turnkeep_domain::app::AppState;
use turnkeep_service::reference_tokens::introspect_reference_token::ActiveReferenceToken;
use turnkeep_service::registry::manage_resource::add_resource_server;
use turnkeep_service::tokens::introspect_token::{Introspection, IntrospectionCaller};

use crate::world::registry_verbs::API;
use crate::world::token_verbs::presented;
use crate::world::{TestApp, World};

fn seen(world: &World, asker: &TestApp, token: &str) -> Option<ActiveReferenceToken> {
    let caller = IntrospectionCaller::Client(presented(asker));
    match world.introspect(caller, token).unwrap() {
        Introspection::ActiveReferenceToken(token) => Some(*token),
        Introspection::Inactive => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_app_itself_a_resource_server_and_an_operator_see_it() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let (server, stranger) = (world.lone_app("Server"), world.lone_app("Stranger"));
    let made = world.pat(&ann, &app).unwrap();
    let text = made.plaintext.expose();
    let active = seen(&world, &app, text).unwrap();
    assert_eq!((active.subject, active.client_id.to_string()), (ann.id.to_string(), app.client_id.clone()));
    assert_eq!((active.token.audience.as_str(), active.scopes), (API, made.token.scopes.clone()));
    assert!(active.placement.region_code().is_some());
    assert_eq!(seen(&world, &stranger, text), None);
    assert_eq!(seen(&world, &server, text), None);
    add_resource_server(&world.operator(), world.api().id, server.id).unwrap();
    assert!(seen(&world, &server, text).is_some());
    let operator = IntrospectionCaller::Bearer(world.operator_token());
    let shown = world.introspect(operator, text).unwrap();
    assert!(matches!(shown, Introspection::ActiveReferenceToken(_)));
}

#[test]
fn what_does_not_count_is_inactive() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let server = world.lone_app("Server");
    add_resource_server(&world.operator(), world.api().id, server.id).unwrap();
    let pat = world.pat(&ann, &app).unwrap();
    world.switch(&app, AppState::Disabled);
    assert_eq!(seen(&world, &server, pat.plaintext.expose()), None);
    world.switch(&app, AppState::Enabled);
    assert!(seen(&world, &server, pat.plaintext.expose()).is_some(), "the key is as good as the app");
    assert_eq!(seen(&world, &server, "tkpat_nonsense"), None);
}
