//! The database cannot be asked, now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use turnkeep_domain::app::AppState;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::authority::AuthoritySettings;
use turnkeep_service::failure::Fault;
use turnkeep_service::registry::switch_app::switch_app;

use super::nodes::{LEASE, Node, WAIT, disable_without_waiting, furnished, members, since_boot};
use super::scripted_store::{Access, ScriptedStore, gone};
use crate::world::{World, cheap_settings};

fn scripted(world: &World, settings: AuthoritySettings) -> (Node, Arc<ScriptedStore>) {
    let store = ScriptedStore::around(&world.store);
    let node = Node::with(world, 101, &store.as_store(), settings);
    (node, store)
}

#[test]
fn a_change_that_cannot_ask_who_knows_waits_for_everybody_and_its_own_node_serves_nothing_meanwhile() {
    let world = furnished();
    let app = world.lone_app("one");
    // However stale the answers of others may be: what it has changed itself, it knows of.
    let serve_stale = Duration::from_secs(3_600);
    let (a, store) = scripted(&world, AuthoritySettings { serve_stale, ..cheap_settings() });
    let _following = a.fall_silent();
    let b = Node::of(&world, 102);
    a.warmed_for(&app);
    b.warmed_for(&app);
    // From the commit on.
    let is_committing = AtomicBool::new(false);
    store.before_each(move |access| {
        is_committing.fetch_or(access == Access::Mutate, Ordering::SeqCst);
        if is_committing.load(Ordering::SeqCst) && access != Access::Mutate { gone() } else { Ok(()) }
    });
    let (own, own_app) = (a.clone(), app.clone());
    a.meanwhile(move || assert!(matches!(own.fault(&own_app), Fault::NotInStep)));
    let begun = since_boot(&world);
    let done = a.change(|world| world.switch(&app, AppState::Disabled));
    assert!(WAIT <= done.waited && done.waited < WAIT + Duration::from_millis(25), "{:?}", done.waited);
    assert!(begun + WAIT <= since_boot(&world));
    assert!(matches!(a.fault(&app), Fault::NotInStep));
    assert_eq!(b.world.refusal(&app), TokenDenial::AppDisabled, "its lease was over as well");
    a.try_to_follow().unwrap_err();
    store.heal();
    a.follow();
    assert_eq!(a.world.refusal(&app), TokenDenial::AppDisabled);
}

#[test]
fn a_change_whose_commit_failed_waits_for_nobody_and_changes_nothing() {
    let world = furnished();
    let app = world.lone_app("one");
    let (a, store) = scripted(&world, cheap_settings());
    let b = Node::of(&world, 102);
    a.warmed_for(&app);
    b.warmed_for(&app);
    store.before_each(|access| if access == Access::Mutate { gone() } else { Ok(()) });
    let begun = since_boot(&world);
    switch_app(&a.world.operator(), app.id, AppState::Disabled, None).unwrap_err();
    assert_eq!(since_boot(&world), begun);
    assert!(a.world.issue(&app).is_ok() && b.world.issue(&app).is_ok());
}

#[test]
fn a_node_without_its_database_serves_from_memory_until_its_lease_ends() {
    let world = furnished();
    let (known, unknown) = (world.lone_app("known"), world.lone_app("unknown"));
    let (node, store) = scripted(&world, cheap_settings());
    let _following = node.fall_silent();
    node.warmed_for(&known);
    store.before_each(|_| gone());
    world.clock.0.pause(LEASE - Duration::from_millis(1));
    node.try_to_follow().unwrap_err();
    assert!(node.world.issue(&known).is_ok());
    assert!(matches!(node.fault(&unknown), Fault::Store(_)));
    world.clock.0.pause(Duration::from_millis(1));
    node.try_to_follow().unwrap_err();
    assert!(matches!(node.fault(&known), Fault::NotInStep));
    store.heal();
    node.follow();
    assert!(node.world.issue(&known).is_ok() && node.world.issue(&unknown).is_ok());
}

#[test]
fn a_node_that_cannot_say_how_far_it_has_come_gets_no_new_lease() {
    let world = furnished();
    let app = world.lone_app("one");
    let (node, store) = scripted(&world, cheap_settings());
    let _following = node.fall_silent();
    node.warmed_for(&app);
    world.tenant("other");
    world.clock.0.pause(LEASE - Duration::from_millis(1));
    store.before_each(|access| if access == Access::KeepBooks { gone() } else { Ok(()) });
    node.try_to_follow().unwrap_err();
    world.clock.0.pause(Duration::from_millis(1));
    assert!(matches!(node.fault(&app), Fault::NotInStep));
}

#[test]
fn a_lease_counts_from_before_the_look_however_long_that_takes() {
    let world = furnished();
    let app = world.lone_app("one");
    let (node, store) = scripted(&world, cheap_settings());
    let _following = node.fall_silent();
    node.warmed_for(&app);
    let clock = Arc::clone(&world.clock);
    store.before_each(move |_| {
        clock.0.pause(Duration::from_millis(1_500));
        Ok(())
    });
    node.follow();
    store.heal();
    assert!(node.world.issue(&app).is_ok());
    world.clock.0.pause(Duration::from_millis(500));
    assert!(matches!(node.fault(&app), Fault::NotInStep));
}

#[test]
fn a_node_that_is_removed_between_its_look_and_saying_so_joins_again_before_it_serves() {
    let world = furnished();
    let app = world.lone_app("one");
    let (node, store) = scripted(&world, cheap_settings());
    let a = Node::of(&world, 102);
    node.warmed_for(&app);
    disable_without_waiting(&world, &app);
    let rows = world.store.read(|reads| {
        let head = reads.change_sequence()?;
        reads.list_nodes_behind(head)
    });
    let row = rows.unwrap()[0];
    let database = Arc::clone(&world.store);
    store.before_each(move |access| match access {
        Access::KeepBooks => database.keep_books(|books| books.remove_node(row.id)).map(drop),
        Access::Read | Access::Mutate | Access::Admit => Ok(()),
    });
    node.follow();
    store.heal();
    assert_eq!((members(&world), node.world.refusal(&app)), (1, TokenDenial::AppDisabled));
    a.is_followed_by(&[&node]);
    let done = a.change(|world| world.switch(&app, AppState::Enabled));
    assert_eq!((done.nodes, done.fenced), (1, 0));
}
