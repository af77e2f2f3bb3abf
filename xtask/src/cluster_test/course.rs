//! One phase under way: its nodes, and a lane for each app that access is taken away from.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::arena::Arena;
use super::journal::{Disturbance, Leeway, Span};
use super::kill::Kind;
use super::lane::Lane;
use super::relay::held;
use super::seat::{PerSeat, Seat};
use super::site::{Node, Site};
use super::timing::Timings;
use crate::random::Chance;

pub(super) struct Course<'a> {
    pub(super) site: &'a Site,
    pub(super) arena: &'a Arena,
    pub(super) nodes: PerSeat<Node>,
    pub(super) lanes: Vec<Lane<'a>>,
    pub(super) chance: Chance,
    /// How long nodes took to be ready again.
    pub(super) recoveries: Timings,
}

impl<'a> Course<'a> {
    pub(super) fn begin(
        site: &'a Site,
        arena: &'a Arena,
        nodes: PerSeat<Node>,
        mut chance: Chance,
    ) -> anyhow::Result<Self> {
        let lanes = arena.targets.iter().map(|app| Lane::new(arena, app, chance.fork()));
        let lanes = lanes.collect::<anyhow::Result<_>>()?;
        Ok(Self { site, arena, nodes, lanes, chance, recoveries: Timings::default() })
    }

    /// Ends the nodes, which have to go in peace.
    pub(super) fn end(self) -> anyhow::Result<()> {
        let Self { nodes, .. } = self;
        for (node, seat) in nodes.into_all().into_iter().zip(Seat::ALL) {
            node.server.end().with_context(|| format!("could not end {}", seat.name()))?;
        }
        Ok(())
    }

    pub(super) fn any_seat(&mut self) -> anyhow::Result<Seat> {
        self.chance.choose(&Seat::ALL).copied().context("there are no nodes")
    }

    pub(super) fn address(&self, seat: Seat) -> SocketAddr {
        *self.arena.addresses.at(seat)
    }

    /// For each lane another way to take access away; in the next round the next ones.
    pub(super) fn kinds(&self, round: u32) -> Vec<Kind> {
        let lanes = u32::try_from(self.lanes.len()).unwrap_or(1);
        (0..lanes).map(|lane| Kind::of_round(round.wrapping_mul(lanes).wrapping_add(lane))).collect()
    }

    /// Rounds of a fault, one after the other.
    pub(super) fn disturb(
        &mut self,
        rounds: u32,
        round: fn(&mut Course<'_>, u32) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        (0..rounds)
            .try_for_each(|number| round(self, number).with_context(|| format!("fault round {}", number + 1)))
    }

    /// Waits until disturbed nodes are ready, and notes what they were allowed meanwhile.
    pub(super) fn recover(&mut self, seats: &[Seat], from: Instant, leeway: Leeway) -> anyhow::Result<()> {
        self.recoveries.add(self.site.wait_until_ready(seats)?);
        let span = Span::since(from);
        let disturbances = seats.iter().map(|seat| Disturbance { seat: *seat, span, leeway });
        held(&self.arena.journal).disturbances.extend(disturbances);
        Ok(())
    }
}

/// All lanes at the same time, each with something of its own.
pub(super) fn each<'a, T: Send, U: Send>(
    lanes: &mut [Lane<'a>],
    things: Vec<T>,
    work: impl Fn(&mut Lane<'a>, T) -> anyhow::Result<U> + Sync,
) -> anyhow::Result<Vec<U>> {
    thread::scope(|scope| {
        let work = &work;
        let pairs = lanes.iter_mut().zip(things);
        let working: Vec<_> = pairs.map(|(lane, thing)| scope.spawn(move || work(lane, thing))).collect();
        working.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a lane panicked"))?).collect()
    })
}

/// Sleeps up to `longest`.
pub(super) fn sleep_below(chance: &mut Chance, longest: Duration) {
    let micros = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
    thread::sleep(Duration::from_micros(chance.below(micros)));
}
