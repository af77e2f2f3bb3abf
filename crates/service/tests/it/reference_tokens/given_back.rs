//! Apps give reference tokens back (RFC 7009): whatever is answered with success is dead.

use turnkeep_service::tokens::revoke_token::RevokeTokenDenial;

use crate::world::{World, denial};

#[test]
fn an_own_reference_token_that_is_given_back_counts_no_more() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let (personal, service) = (world.pat(&ann, &app).unwrap(), world.sat(&app).unwrap());
    let other = world.pat(&ann, &app).unwrap();
    for made in [&personal, &service] {
        assert!(world.counts(made).is_some());
        world.revoke(&app, made.plaintext.expose()).unwrap();
        world.revoke(&app, made.plaintext.expose()).unwrap();
        assert_eq!(world.counts(made), None);
    }
    assert!(world.counts(&other).is_some(), "only these");
    let events = world.events("reference_token.revoke");
    let objects: Vec<_> = events.iter().map(|event| event.object.clone().unwrap()).collect();
    assert_eq!(objects.len(), 2, "once each: {objects:?}");
    assert!(
        objects.contains(&personal.token.id.to_string()) && objects.contains(&service.token.id.to_string())
    );
    assert!(events.iter().all(|event| event.actor == app.id.to_string()));
}

#[test]
fn a_reference_token_of_another_app_is_refused_and_lives_on() {
    let world = World::new();
    let (app, ann) = (world.open_app(), world.ann());
    let stranger = world.lone_app("Stranger");
    let made = world.pat(&ann, &app).unwrap();
    assert_eq!(denial(world.revoke(&stranger, made.plaintext.expose())), RevokeTokenDenial::ForeignToken);
    assert!(world.counts(&made).is_some());
    world.revoke(&app, "tkpat_nonsense").unwrap();
    let elsewhere = world.instance("acme");
    elsewhere.revoke(&elsewhere.lone_app("Acme"), made.plaintext.expose()).unwrap();
    assert!(world.counts(&made).is_some(), "it is unknown in other instances");
}
