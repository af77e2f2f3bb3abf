//! `id_token_hint`: ID tokens of this issuer, however old, and nothing else.

use turnkeep_domain::client_type::ClientType;
use turnkeep_service::person_tokens::id_token_hint::read_hint;

use super::people::{refresh_token, world};

#[test]
fn a_hint_says_whom_an_app_means_long_after_it_has_expired() {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Public);
    let ada = world.somebody("ada");
    let issued = world.granted_to(&app, &ada);
    world.advance(3_600);
    let id_token = issued.id_token.as_ref().unwrap().expose();
    let hint = read_hint(&world.authority, &world.slug, id_token).unwrap().unwrap();
    assert_eq!((hint.user_id, hint.session_id), (ada.user.id, ada.session.id));
    assert_eq!(hint.client_id.as_str(), app.client_id);
}

#[test]
fn attack_9_and_36_nothing_else_is_a_hint() {
    let world = world();
    let acme = world.instance("acme");
    let app = world.sign_in_app("portal", ClientType::Public);
    let ada = world.somebody("ada");
    let issued = world.granted_to(&app, &ada);
    let id_token = issued.id_token.as_ref().unwrap().expose();
    let (signing_input, _) = id_token.rsplit_once('.').unwrap();
    for (name, world, text) in [
        ("at another instance", &acme, id_token),
        ("an access token", &world, issued.access_token.expose()),
        ("a refresh token", &world, &refresh_token(&issued)),
        ("unsigned", &world, &format!("{signing_input}.")),
        ("nothing", &world, ""),
    ] {
        assert_eq!(read_hint(&world.authority, &world.slug, text).unwrap(), None, "{name}");
    }
    let unknown = turnkeep_testkit::fixtures::slug("nowhere");
    assert_eq!(read_hint(&world.authority, &unknown, id_token).unwrap(), None);
}
