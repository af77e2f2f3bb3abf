//! The time of day of a node is stepped: neither leases, nor waits, nor kills care.

use std::time::Duration;

use turnkeep_domain::app::AppState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::failure::Fault;

use super::nodes::{LEASE, Node, cluster};

const HOUR: i64 = 3_600;

/// Steps of the node that changes something, and of the one that serves.
const STEPS: [(i64, i64); 8] = [
    (HOUR, 0),
    (-HOUR, 0),
    (0, HOUR),
    (0, -HOUR),
    (HOUR, HOUR),
    (-HOUR, -HOUR),
    (HOUR, -HOUR),
    (-HOUR, HOUR),
];

fn step([a, b]: [&Node; 2], steps: (i64, i64)) {
    a.set_wrong_by(steps.0);
    b.set_wrong_by(steps.1);
}

#[test]
fn a_change_waits_as_long_and_is_known_as_soon_whatever_the_time_of_day() {
    for steps in STEPS {
        let (world, [a, b]) = cluster();
        let app = world.lone_app("one");
        a.warmed_for(&app);
        b.warmed_for(&app);
        step([&a, &b], steps);
        a.is_followed_by(&[&b]);
        let done = a.change(|world| world.switch(&app, AppState::Disabled));
        assert_eq!((done.nodes, done.fenced), (1, 0), "{steps:?}");
        assert_eq!(b.world.refusal(&app), TokenDenial::AppDisabled, "{steps:?}");
    }
}

#[test]
fn a_lease_is_as_long_and_a_silent_node_stops_as_soon_whatever_the_time_of_day() {
    for steps in STEPS {
        let (world, [a, silent]) = cluster();
        let app = world.lone_app("one");
        a.warmed_for(&app);
        let _following = silent.fall_silent();
        silent.warmed_for(&app);
        step([&a, &silent], steps);
        world.clock.0.pause(LEASE - Duration::from_millis(1));
        assert!(silent.world.issue(&app).is_ok(), "{steps:?}");
        let done = a.change(|world| world.switch(&app, AppState::Disabled));
        assert_eq!((done.nodes, done.fenced), (1, 1), "{steps:?}");
        assert!(matches!(silent.fault(&app), Fault::NotInStep), "{steps:?}");
    }
}

#[test]
fn a_revoked_token_stays_dead_whatever_the_time_of_day() {
    for steps in STEPS {
        let (world, [a, b]) = cluster();
        let app = world.lone_app("one");
        let (token, spared) = (b.warmed_for(&app), b.warmed_for(&app));
        a.is_followed_by(&[&b]);
        step([&a, &b], steps);
        a.world.revoke(&app, &token).unwrap();
        // Whatever is dropped because it has become old.
        for node in [&a, &b] {
            node.world.authority.keep_books().unwrap();
        }
        step([&a, &b], (0, 0));
        let restarted = Node::of(&world, 103);
        for node in [&a, &b, &restarted] {
            assert!(node.world.is_active_for(&app, &spared), "{steps:?}");
            assert!(!node.world.is_active_for(&app, &token), "{steps:?}");
        }
    }
}

#[test]
fn a_node_that_starts_with_a_wrong_time_of_day_knows_the_kills_too() {
    for wrong_by in [HOUR, -HOUR] {
        let (world, [a]) = cluster();
        let app = world.lone_app("one");
        let (token, spared) = (a.world.token(&app), a.world.token(&app));
        a.world.revoke(&app, &token).unwrap();
        let started = Node::of(&world, 103);
        started.set_wrong_by(wrong_by);
        started.follow();
        // Right again, so that the tokens are in their time.
        started.set_wrong_by(0);
        assert!(started.world.is_active_for(&app, &spared), "{wrong_by}");
        assert!(!started.world.is_active_for(&app, &token), "{wrong_by}");
    }
}
