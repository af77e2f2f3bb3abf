//! Stopping a person reaches the tokens that act as them, here and at resource servers.

use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::publish_kill_marks::publish_kill_marks;
use turnkeep_verify::kill_marks::KillMarks;

use super::people::{Person, refresh_token, world};
use crate::world::token_verbs::payload;
use crate::world::{BASE_URL, World};

/// What a resource server that follows the feed makes of a token.
fn is_dead_elsewhere(world: &World, token: &str) -> bool {
    let published = publish_kill_marks(&world.authority, &world.slug, LookUp::Anywhere)
        .unwrap_or_else(|_| panic!("no kill marks"));
    let marks = KillMarks::verify(BASE_URL, &SigningAlgorithm::ALL, &world.key_set(), published.document());
    marks.unwrap().is_dead(&world.verify(token).unwrap())
}

#[test]
fn a_disabled_user_and_a_revoked_grant_are_dead_everywhere_and_others_live() {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let (ada, bob) = (world.somebody("ada"), world.somebody("bob"));
    let tokens = |person: &Person| world.granted_to(&app, person).access_token.expose().to_owned();
    let (of_ada, of_bob) = (tokens(&ada), tokens(&bob));
    let revoked = world.granted_to(&app, &bob);
    switch_user(&world.operator(), ada.user.id, UserState::Disabled, None).unwrap();
    world.revoke(&app, &refresh_token(&revoked)).unwrap();
    for (name, token, is_dead) in [
        ("disabled user", of_ada.as_str(), true),
        ("revoked grant", revoked.access_token.expose(), true),
        ("nobody stopped", of_bob.as_str(), false),
    ] {
        assert_eq!(world.is_active(token), !is_dead, "{name}");
        assert_eq!(is_dead_elsewhere(&world, token), is_dead, "{name}");
    }
    switch_user(&world.operator(), ada.user.id, UserState::Active, None).unwrap();
    assert!(!world.is_active(&of_ada), "what died stays dead");
    let again = world.session_of(&ada.user);
    let again = Person { session: again, ..ada };
    assert!(world.is_active(&tokens(&again)));
}

#[test]
fn the_feed_names_people_apart_so_that_older_readers_still_understand_the_rest() {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let ada = world.somebody("ada");
    let issued = world.granted_to(&app, &ada);
    switch_user(&world.operator(), ada.user.id, UserState::Disabled, None).unwrap();
    world.revoke(&app, &refresh_token(&issued)).unwrap();
    let published = publish_kill_marks(&world.authority, &world.slug, LookUp::Anywhere)
        .unwrap_or_else(|_| panic!("no kill marks"));
    let feed = payload(published.document());
    let named: Vec<&str> = feed["people"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|mark| [&mark["user_id"], &mark["grant_id"]])
        .filter_map(|id| id.as_str())
        .collect();
    let grant_id = world.grant_of(&issued).id.to_string();
    assert_eq!(named, [ada.user.id.to_string(), grant_id]);
    for mark in feed["marks"].as_array().unwrap() {
        assert!(mark.get("user_id").is_none() && mark.get("grant_id").is_none(), "{mark}");
    }
}

#[test]
fn a_service_that_acts_as_a_user_dies_with_it_as_before() {
    let world = world();
    let app = world.lone_app("robot");
    let user = world.user(UserKind::System, "svc");
    let service_access = Some(ServiceAccess::AsUser(user.id));
    world.update(&app, &AppChanges { service_access, ..AppChanges::default() });
    let token = world.token(&app);
    assert!(world.is_active(&token));
    switch_user(&world.operator(), user.id, UserState::Disabled, None).unwrap();
    assert!(!world.is_active(&token) && is_dead_elsewhere(&world, &token));
    switch_user(&world.operator(), user.id, UserState::Active, None).unwrap();
    assert!(!world.is_active(&token) && world.is_active(&world.token(&app)));
}

#[test]
fn attack_30_a_flag_that_shuts_people_out_reaches_the_tokens_that_they_have() {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let ada = world.somebody("ada");
    let token = world.granted_to(&app, &ada).access_token;
    assert!(world.is_active(token.expose()));
    let sign_in = Some(SignIn::Community);
    world.update(&app, &AppChanges { sign_in, ..AppChanges::default() });
    assert!(!world.is_active(token.expose()));
}

#[test]
fn a_node_that_starts_later_knows_who_was_stopped() {
    let world = world();
    let app = world.sign_in_app("portal", ClientType::Confidential);
    let (ada, bob) = (world.somebody("ada"), world.somebody("bob"));
    let of_ada = world.granted_to(&app, &ada).access_token;
    let of_bob = world.granted_to(&app, &bob);
    switch_user(&world.operator(), ada.user.id, UserState::Disabled, None).unwrap();
    world.revoke(&app, &refresh_token(&of_bob)).unwrap();
    let restarted = world.restarted(&[1], crate::world::cheap_settings(), 9);
    assert!(!restarted.is_active(of_ada.expose()) && !restarted.is_active(of_bob.access_token.expose()));
}
