//! Which tokens a kill on one node leaves alive on all: those of after it, to the request.

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_service::registry::add_secret::add_secret;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::revoke_secret::revoke_secret;

use super::nodes::{Node, cluster};
use crate::world::token_verbs::payload;

fn sequence_of(token: &str) -> i64 {
    payload(token)["seq"].as_i64().unwrap()
}

#[test]
fn a_token_of_after_the_kill_counts_and_one_of_before_does_not_within_the_same_second() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    let before = [a.world.token(&app), b.world.token(&app)];
    a.is_followed_by(&[&b]);
    let killed = a.change(|world| world.switch(&app, AppState::Disabled)).sequence.as_number();
    a.change(|world| world.switch(&app, AppState::Enabled));
    let after = [a.world.token(&app), b.world.token(&app)];
    for node in [&a, &b] {
        for token in &before {
            assert!(sequence_of(token) < killed && !node.world.is_active_for(&app, token));
        }
        for token in &after {
            assert!(killed <= sequence_of(token) && node.world.is_active_for(&app, token));
        }
    }
    let issued_at = |token: &String| payload(token)["iat"].as_i64().unwrap();
    assert!(before.iter().chain(&after).all(|token| issued_at(token) == issued_at(&before[0])));
}

#[test]
fn revoking_one_of_two_secrets_kills_what_that_one_obtained() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    let older = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    let added = add_secret(&world.operator(), app.id, Overlap::from_secs(3_600).unwrap(), None).unwrap();
    let newer = app.with_secret(&added.plaintext);
    let of_older = [a.world.token(&app), b.world.token(&app)];
    let of_newer = [a.world.token(&newer), b.world.token(&newer)];
    a.is_followed_by(&[&b]);
    a.change(|world| revoke_secret(&world.operator(), app.id, older, None).unwrap());
    for node in [&a, &b] {
        assert!(of_older.iter().all(|token| !node.world.is_active_for(&newer, token)));
        assert!(of_newer.iter().all(|token| node.world.is_active_for(&newer, token)));
    }
}

#[test]
fn a_revoked_token_is_dead_on_every_node_when_the_revocation_returns_and_no_other_is() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    let (token, spared) = (b.warmed_for(&app), b.warmed_for(&app));
    a.is_followed_by(&[&b]);
    let done = a.change(|world| world.revoke(&app, &token).unwrap());
    assert_eq!((done.nodes, done.fenced), (1, 0));
    for node in [&a, &b] {
        assert!(!node.world.is_active_for(&app, &token) && node.world.is_active_for(&app, &spared));
    }
    assert_eq!(b.loads_of(|| drop(b.world.issue(&app).unwrap())), 0, "nothing about its app has changed");
}

#[test]
fn a_node_that_starts_knows_what_was_killed_before() {
    let (world, [a]) = cluster();
    let (app, stopped) = (world.lone_app("one"), world.lone_app("stopped"));
    let (revoked, spared) = (a.world.token(&app), a.world.token(&app));
    let killed = a.world.token(&stopped);
    a.world.revoke(&app, &revoked).unwrap();
    a.world.switch(&stopped, AppState::Disabled);
    a.world.switch(&stopped, AppState::Enabled);
    world.advance(14 * 60);
    let started = Node::of(&world, 103);
    assert!(started.world.is_active_for(&app, &spared));
    assert!(!started.world.is_active_for(&app, &revoked));
    assert!(!started.world.is_active_for(&stopped, &killed));
}
