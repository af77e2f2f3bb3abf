//! How long a node serves without having looked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use turnkeep_domain::app::AppState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::failure::Fault;
use turnkeep_storage::outcome::Deleted;

use super::nodes::{LEASE, Node, WAIT, cluster, disable_without_waiting, furnished, members, since_boot};
use crate::world::cheap_settings;

const MILLISECOND: Duration = Duration::from_millis(1);

#[test]
fn a_silent_node_stops_before_a_change_goes_on_without_it() {
    let (world, [a, silent]) = cluster();
    let app = world.lone_app("one");
    a.warmed_for(&app);
    let _following = silent.fall_silent();
    let lease_ends = since_boot(&world) + LEASE;
    silent.warmed_for(&app);
    // Until then it serves, and nobody could know better; afterwards it does not.
    let watched = silent.clone();
    let watched_app = app.clone();
    a.meanwhile(move || {
        let serves = watched.world.issue(&watched_app).is_ok();
        assert_eq!(serves, since_boot(&watched.world) < lease_ends);
    });
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!((done.nodes, done.fenced, members(&world)), (1, 1, 1));
    assert!(WAIT <= done.waited && done.waited < WAIT + Duration::from_millis(25), "{:?}", done.waited);
    assert!(matches!(silent.fault(&app), Fault::NotInStep));
    assert!(!silent.world.authority.is_ready() && !silent.world.authority.status().is_in_step);
    let next = a.change(|world| world.switch(&app, AppState::Enabled));
    assert_eq!((next.nodes, next.waited), (0, Duration::ZERO), "it is not waited for twice");
    a.change(|world| world.switch(&app, AppState::Disabled));
    silent.follow();
    assert_eq!((silent.world.refusal(&app), members(&world)), (TokenDenial::AppDisabled, 2));
}

#[test]
fn what_a_silent_node_issued_while_it_was_waited_for_is_dead_when_the_change_returns() {
    let (world, [a, silent]) = cluster();
    let app = world.lone_app("one");
    a.warmed_for(&app);
    let _following = silent.fall_silent();
    silent.warmed_for(&app);
    let issued = Arc::new(Mutex::new(Vec::new()));
    let (watched, watched_app, kept) = (silent.clone(), app.clone(), Arc::clone(&issued));
    a.meanwhile(move || {
        if let Ok(token) = watched.world.issue(&watched_app) {
            kept.lock().unwrap().push(token.access_token.expose().to_owned());
        }
    });
    a.change(|world| world.switch(&app, AppState::Disabled));
    a.change(|world| world.switch(&app, AppState::Enabled));
    silent.follow();
    let issued = issued.lock().unwrap();
    assert!(!issued.is_empty());
    for token in &*issued {
        assert!(!a.world.is_active(token) && !silent.world.is_active(token));
    }
}

#[test]
fn where_nobody_follows_the_next_request_after_the_lease_finds_out_by_itself() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    b.warmed_for(&app);
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!((done.nodes, done.fenced, members(&world)), (1, 1, 0));
    assert!(!b.world.authority.status().is_in_step);
    assert_eq!(b.world.refusal(&app), TokenDenial::AppDisabled);
    assert!(b.world.authority.status().is_in_step);
    assert_eq!(members(&world), 1, "it has joined again");
}

#[test]
fn a_node_that_leaves_is_not_waited_for_and_serves_nothing() {
    let (world, [a, leaving]) = cluster();
    let app = world.lone_app("one");
    a.warmed_for(&app);
    let following = leaving.fall_silent();
    leaving.warmed_for(&app);
    assert_eq!(members(&world), 2);
    following.stop();
    assert!(matches!(leaving.fault(&app), Fault::NotInStep));
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!((done.nodes, done.waited, members(&world)), (0, Duration::ZERO, 1));
}

#[test]
fn a_node_goes_on_without_looking_for_exactly_as_long_as_it_may() {
    for (stale, serves_for) in [(0, 2_000), (1_000, 3_000), (3_600_000, 3_602_000)] {
        let world = furnished();
        let app = world.lone_app("one");
        let serve_stale = Duration::from_millis(stale);
        let settings = AuthoritySettings { serve_stale, ..cheap_settings() };
        let node = Node::with(&world, 101, &world.store, settings);
        let _following = node.fall_silent();
        node.warmed_for(&app);
        world.clock.0.pause(Duration::from_millis(serves_for) - MILLISECOND);
        assert!(node.world.issue(&app).is_ok() && node.world.authority.is_ready(), "{stale}");
        world.clock.0.pause(MILLISECOND);
        assert!(matches!(node.fault(&app), Fault::NotInStep), "{stale}");
        assert!(!node.world.authority.is_ready());
        node.follow();
        assert!(node.world.issue(&app).is_ok());
    }
}

#[test]
fn a_change_does_not_wait_longer_for_a_node_that_may_serve_stale_answers() {
    let (world, [a]) = cluster();
    let app = world.lone_app("one");
    a.warmed_for(&app);
    let settings = AuthoritySettings { serve_stale: Duration::from_secs(10), ..cheap_settings() };
    let lax = Node::with(&world, 102, &world.store, settings);
    let _following = lax.fall_silent();
    lax.warmed_for(&app);
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!(done.fenced, 1);
    assert!(done.waited < WAIT + Duration::from_millis(25));
    // What was chosen when it was set up so.
    assert!(lax.world.issue(&app).is_ok());
    lax.follow();
    assert_eq!(lax.world.refusal(&app), TokenDenial::AppDisabled);
}

#[test]
fn a_change_made_on_a_node_without_a_lease_gives_it_none() {
    let (world, [a, silent]) = cluster();
    let app = world.lone_app("one");
    let _following = silent.fall_silent();
    silent.warmed_for(&app);
    a.change(|world| drop(world.tenant("thrown out")));
    assert_eq!(members(&world), 0);
    silent.change(|world| drop(world.pending_tenant("other")));
    // Nobody would wait for it.
    assert!(matches!(silent.fault(&app), Fault::NotInStep));
}

#[test]
fn a_node_whose_registration_is_lost_registers_again_although_it_has_missed_nothing() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    b.warmed_for(&app);
    disable_without_waiting(&world, &app);
    let rows = world.store.read(|reads| {
        let head = reads.change_sequence()?;
        reads.list_nodes_behind(head)
    });
    b.follow();
    let removed = world.store.keep_books(|books| books.remove_node(rows.unwrap()[0].id));
    assert_eq!(removed.unwrap(), Deleted::Deleted);
    b.follow();
    assert_eq!(members(&world), 1);
    a.is_followed_by(&[&b]);
    assert_eq!(a.change(|world| world.switch(&app, AppState::Enabled)).nodes, 1);
    assert!(b.world.issue(&app).is_ok());
}
