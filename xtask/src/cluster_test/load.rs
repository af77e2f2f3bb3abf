//! Clients that go through the balancer and do not know what is about to happen to them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context;

use super::arena::Arena;
use super::balancer::Balancer;
use super::client::{Client, Outcome};
use super::lane::Lane;
use super::seat::Seat;
use super::witness::{Way, Witness};
use crate::random::Chance;

/// How many there are.
pub(super) const CLIENTS: usize = 3;
/// Between two requests of one: the nodes shall be busy, not drown.
const PAUSE: Duration = Duration::from_millis(2);

const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(50);

/// Whether a token that nobody has touched is active everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clocks {
    Agree,
    /// One may be wrong: tokens that it gave are not yet or no longer good elsewhere, and the other way round.
    MayDiffer,
}

/// Works until it is over.
pub(super) fn work(
    arena: &Arena,
    balancer: &Balancer,
    clocks: Clocks,
    mut chance: Chance,
    over: &AtomicBool,
) {
    let client = Client::new(balancer.address(), chance.fork());
    let mut witness = Witness::new(client, &arena.journal, &arena.resource_server, Way::Through(balancer));
    while !over.load(Ordering::Relaxed) {
        if chance.below(10) < 7 {
            ask_about_target(arena, &mut witness, &mut chance);
        } else {
            ask_about_bystander(arena, &mut witness, &mut chance, clocks);
        }
        thread::sleep(PAUSE);
    }
}

/// Changes an app by way of one node, again and again, so that a node is in the middle of a change whatever happens to
/// it.
pub(super) fn edit(arena: &Arena, seat: Seat, chance: Chance, over: &AtomicBool) -> anyhow::Result<()> {
    let app = arena.bystanders.first().context("there are no bystanders")?;
    let mut lane = Lane::new(arena, app, chance)?;
    while !over.load(Ordering::Relaxed) {
        match lane.edit(seat) {
            Outcome::Accepted(_) => thread::sleep(PAUSE),
            // What is wrong with it has been noted.
            _ => thread::sleep(PAUSE_AFTER_FAILURE),
        }
    }
    Ok(())
}

/// Whatever comes of it may be right; the judge knows.
fn ask_about_target(arena: &Arena, witness: &mut Witness<'_>, chance: &mut Chance) {
    let Some(app) = chance.choose(&arena.targets) else { return };
    match chance.below(10) {
        0..4 => {
            if let Ok(secret) = app.secret() {
                let _ = witness.token(app, &secret);
            }
        }
        4 => {
            if let Some(secret) = app.any_secret(chance) {
                let _ = witness.token(app, &secret);
            }
        }
        _ => {
            if let Some(token) = app.any_token(chance) {
                let _ = witness.introspect(app, &token);
            }
        }
    }
}

/// Nothing happens to it, so it is never refused.
fn ask_about_bystander(arena: &Arena, witness: &mut Witness<'_>, chance: &mut Chance, clocks: Clocks) {
    let Some(app) = chance.choose(&arena.bystanders) else { return };
    match app.any_token(chance).filter(|_| chance.below(2) == 0) {
        Some(token) => {
            let outcome = witness.introspect(app, &token);
            if clocks == Clocks::Agree {
                witness.demand(&outcome, "introspection of a bystander's token");
            }
        }
        None => {
            if let Ok(secret) = app.secret() {
                let outcome = witness.token(app, &secret);
                witness.demand(&outcome, "token for a bystander");
            }
        }
    }
}
