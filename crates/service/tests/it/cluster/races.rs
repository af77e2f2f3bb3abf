//! Changes from several nodes at once.

use std::sync::Barrier;
use std::thread;

use turnkeep_domain::app::AppState;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::cluster::propagation::Propagation;

use super::nodes::{Node, cluster};
use crate::world::TestApp;

const ROUNDS: usize = 20;

/// Each of the nodes does its changes at the same time as the others.
fn at_once(nodes: &[Node; 2], work: impl Fn(&Node, usize) -> Propagation + Sync) -> Vec<Vec<Propagation>> {
    let together = Barrier::new(nodes.len());
    thread::scope(|scope| {
        let workers: Vec<_> = nodes
            .iter()
            .map(|node| {
                let (work, together) = (&work, &together);
                scope.spawn(move || {
                    together.wait();
                    (0..ROUNDS).map(|round| work(node, round)).collect()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
fn each_of_many_changes_at_once_returns_when_it_is_everywhere() {
    let (world, nodes) = cluster::<2>();
    let apps: Vec<TestApp> = (0..2 * ROUNDS).map(|index| world.lone_app(&format!("app{index}"))).collect();
    let [a, b] = &nodes;
    for app in &apps {
        a.warmed_for(app);
        b.warmed_for(app);
    }
    a.is_followed_by(&[b]);
    b.is_followed_by(&[a]);
    let own = |node: &Node, round: usize| {
        let is_first = std::ptr::eq(node, a);
        &apps[2 * round + usize::from(is_first)]
    };
    let done = at_once(&nodes, |node, round| {
        let app = own(node, round);
        let done = node.change(|world| world.switch(app, AppState::Disabled));
        for node in &nodes {
            assert_eq!(node.world.refusal(app), TokenDenial::AppDisabled);
        }
        done
    });
    let mut sequences: Vec<ChangeSequence> = done.iter().flatten().map(|done| done.sequence).collect();
    sequences.sort_unstable();
    sequences.dedup();
    assert_eq!(sequences.len(), 2 * ROUNDS, "each has a place of its own in the order");
    assert!(done.iter().flatten().all(|done| done.fenced == 0));
}

#[test]
fn changes_of_the_same_app_at_once_end_in_the_state_of_the_last_one_on_every_node() {
    let (world, nodes) = cluster::<2>();
    let app = world.lone_app("one");
    let [a, b] = &nodes;
    a.warmed_for(&app);
    b.warmed_for(&app);
    a.is_followed_by(&[b]);
    b.is_followed_by(&[a]);
    // One only disables, the other only enables, each as often as it takes to change something.
    let wanted = |node: &Node| match std::ptr::eq(node, a) {
        true => AppState::Disabled,
        false => AppState::Enabled,
    };
    let together = Barrier::new(2);
    thread::scope(|scope| {
        for node in &nodes {
            let (app, together) = (&app, &together);
            scope.spawn(move || {
                together.wait();
                for _ in 0..ROUNDS {
                    node.world.switch(app, wanted(node));
                }
            });
        }
    });
    let is_enabled = world.record(app.id).unwrap().state == AppState::Enabled;
    for node in &nodes {
        assert_eq!(node.world.issue(&app).is_ok(), is_enabled);
    }
}
