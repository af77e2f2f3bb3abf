//! A node that missed changes reads everything again.

use turnkeep_policy::token_denial::TokenDenial;

use super::nodes::{cluster, disable_without_waiting, record_unrelated, revoke_without_waiting};
use crate::world::World;

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
