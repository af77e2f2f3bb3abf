//! A node that missed changes reads everything again.

use std::sync::Arc;
use std::time::Duration;

use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::failure::Fault;
use turnkeep_storage::error::StoreError;

use super::nodes::{cluster, disable_without_waiting, record_unrelated, revoke_without_waiting};
use super::scripted_store::ScriptedStore;
use crate::world::{World, authority_on, cheap_settings, fault, master_keys, memory};

/// How many changes a node takes in one by one.
const AT_ONCE: usize = 10_000;

/// Forgets the changes before now.
fn purge(world: &World) {
    world.store.keep_books(|books| books.purge_changes(world.clock.0.now())).unwrap();
}

#[test]
fn where_the_log_was_cut_below_a_node_nothing_in_memory_counts_and_no_kill_is_missed() {
    let (world, [b]) = cluster();
    let (stopped, revoked, other) =
        (world.lone_app("stopped"), world.lone_app("revoked"), world.lone_app("other"));
    for app in [&stopped, &other] {
        b.warmed_for(app);
    }
    let token = b.warmed_for(&revoked);
    let spared = b.warmed_for(&revoked);
    // By nodes that are gone before they could wait, so that this one is not thrown out.
    disable_without_waiting(&world, &stopped);
    world.advance(1);
    revoke_without_waiting(&world, &revoked, &token);
    purge(&world);
    b.follow();
    assert_eq!(b.world.refusal(&stopped), TokenDenial::AppDisabled);
    assert!(!b.world.is_active(&token) && b.world.is_active(&spared));
    assert_eq!(b.loads_of(|| drop(b.world.issue(&other).unwrap())), 1, "nobody changed it, but who knows");
}

#[test]
fn a_node_far_behind_reads_everything_again_and_one_less_far_only_what_changed() {
    for (behind, reads) in [(AT_ONCE, 0), (AT_ONCE + 1, 1)] {
        let (world, [b]) = cluster();
        let (stopped, other) = (world.lone_app("stopped"), world.lone_app("other"));
        b.warmed_for(&stopped);
        b.warmed_for(&other);
        let (token, spared) = (b.world.token(&other), b.world.token(&other));
        revoke_without_waiting(&world, &other, &token);
        disable_without_waiting(&world, &stopped);
        record_unrelated(&world, &other, behind - 2);
        b.follow();
        assert_eq!(b.world.refusal(&stopped), TokenDenial::AppDisabled, "{behind}");
        assert_eq!(b.loads_of(|| drop(b.world.issue(&other).unwrap())), reads, "{behind}");
        assert!(!b.world.is_active_for(&other, &token) && b.world.is_active_for(&other, &spared), "{behind}");
    }
}

#[test]
fn a_node_whose_database_was_put_back_to_an_older_state_serves_nothing() {
    let world = World::new();
    let app = world.lone_app("app");
    let store = ScriptedStore::around(&world.store);
    let clock = Arc::clone(&world.clock);
    let authority = authority_on(&store.as_store(), &clock, master_keys(&[1]), cheap_settings(), 9);
    let node = World { authority: Arc::new(authority), ..world.clone() };
    node.token(&app);
    // Its head lies below what the node has applied.
    store.replace(&memory());
    clock.0.pause(Duration::from_secs(3));
    for _ in 0..2 {
        assert!(matches!(fault(node.issue(&app)), Fault::Store(StoreError::Unavailable(_))));
    }
    store.replace(&world.store);
    node.token(&app);
}
