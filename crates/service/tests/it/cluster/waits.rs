//! What a change waits for: every node that serves, until it knows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use turnkeep_domain::app::AppState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::cluster::observed::observe;
use turnkeep_service::registry::add_secret::regenerate_secret;

use super::nodes::{Node, WAIT, cluster, disable_without_waiting, furnished, members, since_boot};
use super::scripted_store::{Access, ScriptedStore};
use crate::world::cheap_settings;

#[test]
fn a_change_waits_for_nobody_where_nobody_else_serves() {
    let (world, [only]) = cluster();
    let app = world.lone_app("one");
    only.warmed_for(&app);
    let done = only.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!((done.nodes, done.fenced, done.waited), (0, 0, Duration::ZERO));
    assert_eq!(only.world.refusal(&app), TokenDenial::AppDisabled);
}

#[test]
fn a_node_that_never_served_is_not_waited_for() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    a.warmed_for(&app);
    b.is_followed_by(&[&a]);
    // It changes something, which is not serving.
    b.world.tenant("other");
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!((done.nodes, done.waited, members(&world)), (0, Duration::ZERO, 1));
    assert_eq!(b.world.refusal(&app), TokenDenial::AppDisabled);
}

#[test]
fn a_change_returns_when_the_other_node_knows_and_that_one_needs_no_further_look() {
    let (world, [a, b]) = cluster();
    let (stopped, renewed) = (world.lone_app("stopped"), world.lone_app("renewed"));
    for app in [&stopped, &renewed] {
        a.warmed_for(app);
        b.warmed_for(app);
    }
    a.is_followed_by(&[&b]);
    let disabled = a.change(|world| world.switch(&stopped, AppState::Disabled));
    assert_eq!((disabled.nodes, disabled.fenced, disabled.waited), (1, 0, Duration::from_micros(500)));
    let regenerated = a.change(|world| {
        regenerate_secret(&world.operator(), renewed.id, None).unwrap();
    });
    assert_eq!((regenerated.nodes, regenerated.fenced), (1, 0));
    assert_eq!(disabled.sequence.max(regenerated.sequence), regenerated.sequence);
    let applied = b.world.authority.status().applied;
    assert_eq!(b.world.refusal(&stopped), TokenDenial::AppDisabled);
    assert_eq!(b.world.refusal(&renewed), TokenDenial::ClientAuthenticationFailed);
    assert_eq!(b.world.authority.status().applied, applied, "a look was needed after all");
}

#[test]
fn a_change_waits_for_every_node_and_goes_on_without_those_that_are_silent() {
    let (world, [a, b, c, silent]) = cluster();
    let app = world.lone_app("one");
    for node in [&a, &b, &c] {
        node.warmed_for(&app);
    }
    a.is_followed_by(&[&b, &c]);
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!((done.nodes, done.fenced), (2, 0));
    a.world.switch(&app, AppState::Enabled);
    silent.warmed_for(&app);
    assert_eq!(members(&world), 4);
    let _following = silent.fall_silent();
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert_eq!((done.nodes, done.fenced, members(&world)), (3, 1, 3));
    for node in [&a, &b, &c] {
        assert_eq!(node.world.refusal(&app), TokenDenial::AppDisabled);
    }
}

#[test]
fn a_node_that_catches_up_at_the_very_last_moment_stays() {
    let world = furnished();
    let app = world.lone_app("one");
    let scripted = ScriptedStore::around(&world.store);
    let a = Node::with(&world, 101, &scripted.as_store(), cheap_settings());
    let b = Node::of(&world, 102);
    a.warmed_for(&app);
    b.warmed_for(&app);
    // The wait is over, and the row is about to be removed.
    let late = b.clone();
    scripted.before_each(move |access| {
        if access == Access::KeepBooks {
            late.follow();
        }
        Ok(())
    });
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert!(WAIT <= done.waited && done.nodes == 1);
    scripted.heal();
    assert_eq!(members(&world), 2);
    assert_eq!(b.world.refusal(&app), TokenDenial::AppDisabled);
    a.is_followed_by(&[&b]);
    let done = a.change(|world| world.switch(&app, AppState::Enabled));
    assert_eq!((done.nodes, done.fenced), (1, 0), "it is waited for as before");
}

#[test]
fn a_change_of_nothing_waits_as_well_since_what_it_found_may_not_be_everywhere() {
    let (world, [a, b]) = cluster();
    let app = world.lone_app("one");
    b.warmed_for(&app);
    // By one that has gone away before it could wait, as a process that was killed.
    disable_without_waiting(&world, &app);
    let looks = Arc::new(AtomicUsize::new(0));
    let (counted, other) = (Arc::clone(&looks), b.clone());
    a.meanwhile(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        other.follow();
    });
    let begun = since_boot(&world);
    let ((), told) = observe(|| a.world.switch(&app, AppState::Disabled));
    assert_eq!((told, looks.load(Ordering::SeqCst)), (None, 1), "nothing was changed, and yet it waited");
    assert!(begun < since_boot(&world));
    assert_eq!(b.world.refusal(&app), TokenDenial::AppDisabled);
}
