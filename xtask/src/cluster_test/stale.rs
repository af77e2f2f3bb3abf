//! Nodes that may go on serving for a while after their lease has ended. Access that is taken away while one of them is
//! cut off from the database is still honoured there, which the judge has to notice, and not for longer than allowed.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{anyhow, ensure};

use super::client::Outcome;
use super::course::Course;
use super::journal::Leeway;
use super::kill::Kind;
use super::lane::Patience;
use super::relay::Passage;
use super::stopped::other;
use super::timing::LEASE;

/// How long the nodes of this phase may go on. Much longer than a call waits for them.
pub(super) const BOUND: Duration = Duration::from_secs(5);

pub(super) fn run(course: &mut Course<'_>) -> anyhow::Result<()> {
    let victim = course.any_seat()?;
    let lane = course.lanes.first_mut().ok_or_else(|| anyhow!("there are no apps"))?;
    let armed = lane.arm(Kind::Disable, None)?;
    let cut = Instant::now();
    course.site.links.at(victim).set(Passage::Closed);
    let via = other(lane, victim)?;
    let killed = lane.kill(armed, via, Patience::None)?;
    lane.probe(victim, &killed, false)?;
    ensure!(cut.elapsed() < LEASE + BOUND, "the call has returned too late to see anything");
    thread::sleep((LEASE + BOUND).saturating_sub(cut.elapsed()));
    let late = lane.ask_again(victim, &killed);
    course.site.links.at(victim).set(Passage::Open);
    course.recover(&[victim], cut, Leeway::Unavailable)?;
    ensure!(late == Outcome::Unavailable, "a node that may serve no longer says {late:?}");
    let lane = course.lanes.first_mut().ok_or_else(|| anyhow!("there are no apps"))?;
    lane.revive(&killed, via)
}
