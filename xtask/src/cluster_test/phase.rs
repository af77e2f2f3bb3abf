//! The parts of the test. Each begins with fresh nodes on the database of the one before, under load all the time,
//! and ends with a judgement.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{anyhow, bail, ensure};

use super::arena::Arena;
use super::course::Course;
use super::judge;
use super::kill::Kind;
use super::load::{self, Clocks};
use super::options::Options;
use super::relay::held;
use super::seat::Seat;
use super::site::{NodeSettings, Site};
use super::timing::Timings;
use super::{cut_off, database_restart, stale, stepped_clock, stopped, undisturbed};
use crate::random::Chance;

/// How many violations are shown.
const SHOWN: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Undisturbed,
    WithoutNotifications,
    Stopped,
    CutOff,
    DatabaseRestart,
    SteppedClock,
}

impl Phase {
    pub(super) const ALL: [Self; 6] = [
        Self::Undisturbed,
        Self::WithoutNotifications,
        Self::Stopped,
        Self::CutOff,
        Self::DatabaseRestart,
        Self::SteppedClock,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Undisturbed => "undisturbed",
            Self::WithoutNotifications => "without-notifications",
            Self::Stopped => "stopped",
            Self::CutOff => "cut-off",
            Self::DatabaseRestart => "database-restart",
            Self::SteppedClock => "stepped-clock",
        }
    }

    fn node_settings(self) -> NodeSettings {
        let settings = NodeSettings::default();
        match self {
            Self::WithoutNotifications => NodeSettings { is_deaf: true, ..settings },
            Self::SteppedClock => NodeSettings { has_own_clock: true, ..settings },
            Self::Undisturbed | Self::Stopped | Self::CutOff | Self::DatabaseRestart => settings,
        }
    }

    fn clocks(self) -> Clocks {
        if self == Self::SteppedClock { Clocks::MayDiffer } else { Clocks::Agree }
    }

    fn take(self, course: &mut Course<'_>, options: &Options) -> anyhow::Result<()> {
        let rounds = options.fault_rounds;
        match self {
            Self::Undisturbed => undisturbed::run(course, options.rounds, Kind::of_round),
            Self::WithoutNotifications => undisturbed::run(course, rounds.saturating_mul(7), Kind::of_round),
            Self::Stopped => course.disturb(rounds, stopped::round),
            Self::CutOff => course.disturb(rounds, cut_off::round),
            Self::DatabaseRestart => course.disturb(rounds, database_restart::round),
            Self::SteppedClock => course.disturb(rounds, stepped_clock::round),
        }
    }
}

/// Takes a phase and judges it.
pub(super) fn perform(
    phase: Phase,
    site: &Site,
    arena: &Arena,
    options: &Options,
    chance: Chance,
) -> anyhow::Result<()> {
    let begin = Instant::now();
    let take = |course: &mut Course<'_>| phase.take(course, options);
    let ended = under_load(site, arena, phase.node_settings(), phase.clocks(), chance, take)?;
    println!("{}: {:.1} s, {}", phase.name(), begin.elapsed().as_secs_f32(), ended.describe(arena));
    ended.judge(arena)
}

/// Takes nothing away and sees whether the test notices.
pub(super) fn pretend(site: &Site, arena: &Arena, chance: Chance) -> anyhow::Result<()> {
    let take = |course: &mut Course<'_>| undisturbed::run(course, 3, |_| Kind::Pretend);
    let ended = under_load(site, arena, NodeSettings::default(), Clocks::Agree, chance, take)?;
    ended.outcome?;
    let violations = judge::old_state_honoured(&held(&arena.journal));
    ensure!(!violations.is_empty(), "nothing was taken away, and the test has not noticed");
    println!("nothing taken away: noticed {} times", violations.len());
    // What was not taken away may go on being honoured.
    *held(&arena.journal) = super::journal::Journal::default();
    Ok(())
}

/// Has the nodes break the promise and sees whether the test notices.
pub(super) fn serve_stale(site: &Site, arena: &Arena, chance: Chance) -> anyhow::Result<()> {
    let settings = NodeSettings { serves_stale: Some(stale::BOUND), ..NodeSettings::default() };
    under_load(site, arena, settings, Clocks::Agree, chance, stale::run)?.outcome?;
    let violations = judge::old_state_honoured(&held(&arena.journal));
    ensure!(!violations.is_empty(), "a node has served what was taken away, and the test has not noticed");
    println!("taken away and served all the same: noticed {} times", violations.len());
    *held(&arena.journal) = super::journal::Journal::default();
    Ok(())
}

/// What a phase leaves behind.
struct Ended {
    outcome: anyhow::Result<()>,
    recoveries: Timings,
}

fn under_load(
    site: &Site,
    arena: &Arena,
    settings: NodeSettings,
    clocks: Clocks,
    mut chance: Chance,
    take: impl FnOnce(&mut Course<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<Ended> {
    held(&arena.journal).end_phase();
    let loads = [(); load::CLIENTS].map(|()| chance.fork());
    // A node that cannot know what came of its own change serves nothing, stale or not.
    let editing: &[Seat] = if settings.serves_stale.is_none() { &Seat::ALL } else { &[] };
    let editors: Vec<_> = editing.iter().map(|seat| (*seat, chance.fork())).collect();
    let mut course = Course::begin(site, arena, site.start_nodes(settings)?, chance)?;
    let over = AtomicBool::new(false);
    let outcome = thread::scope(|scope| {
        let over = &over;
        let working =
            loads.map(|chance| scope.spawn(move || load::work(arena, &site.balancer, clocks, chance, over)));
        let editors = editors.into_iter();
        let editing: Vec<_> = editors
            .map(|(seat, chance)| scope.spawn(move || load::edit(arena, seat, chance, over)))
            .collect();
        let outcome = take(&mut course);
        over.store(true, Ordering::Relaxed);
        for thread in working {
            thread.join().map_err(|_| anyhow!("a client panicked"))?;
        }
        for thread in editing {
            thread.join().map_err(|_| anyhow!("an editor panicked"))??;
        }
        outcome
    });
    let recoveries = std::mem::take(&mut course.recoveries);
    let outcome = match outcome {
        Ok(()) => course.end(),
        Err(error) => Err(error),
    };
    Ok(Ended { outcome, recoveries })
}

impl Ended {
    fn judge(self, arena: &Arena) -> anyhow::Result<()> {
        let journal = held(&arena.journal);
        let violations = judge::violations(&journal);
        for violation in violations.iter().take(SHOWN) {
            println!("  VIOLATION: {violation}");
        }
        self.outcome?;
        if !violations.is_empty() {
            bail!("{} violations", violations.len());
        }
        ensure!(journal.counts.accepted > 0 && journal.counts.refused > 0, "there was no load");
        Ok(())
    }

    fn describe(&self, arena: &Arena) -> String {
        let journal = held(&arena.journal);
        let counts = journal.counts;
        let mut kills = Timings::default();
        let mut by_name = BTreeMap::<_, Timings>::new();
        for call in &journal.calls {
            by_name.entry(call.name).or_default().add(call.span.took());
            if Kind::ALL.iter().any(|kind| kind.name() == call.name) {
                kills.add(call.span.took());
            }
        }
        let mut lines = String::new();
        for (name, timings) in &by_name {
            lines.push_str(&format!("\n    {name}: {}", timings.describe()));
        }
        let mut waits = Timings::default();
        let (mut nodes, mut fenced) = (0, 0);
        for applied in journal.calls.iter().filter_map(|call| call.applied) {
            waits.add(applied.waited);
            nodes += applied.nodes;
            fenced += applied.fenced;
        }
        lines.push_str(&format!(
            "\n    waits for other nodes: {}; {nodes} nodes were behind, {fenced} until their leases had ended",
            waits.describe()
        ));
        if self.recoveries.len() > 0 {
            let longest = self.recoveries.percentile(100).unwrap_or_default();
            lines.push_str(&format!("\n    ready again after at most {} ms", longest.as_millis()));
        }
        format!(
            "{} requests, {} accepted, {} refused; kills: {}{lines}",
            counts.asked,
            counts.accepted,
            counts.refused,
            kills.describe()
        )
    }
}
