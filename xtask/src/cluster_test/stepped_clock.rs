//! A node's wall clock is stepped by an hour while it runs, and back again. What it thinks of the age of tokens is
//! wrong then, and what others think of the age of its own; what is dead must be dead for all of them. Half of the
//! time it is cut off from the database as well: its lease has to end as if its clock were right.

use std::iter;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::course::{Course, each};
use super::journal::Leeway;
use super::kill::Kind;
use super::lane::{Armed, Killed, Lane, Patience};
use super::relay::Passage;
use super::seat::Seat;
use crate::http;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const LONGEST_STEP: Duration = Duration::from_secs(5);
/// Longer than the nodes' housekeeping takes to come round: what it throws away as expired must not live again.
const HOUSEKEEPING: Duration = Duration::from_millis(2_500);

/// Access is taken away before the step from one app, and after it from the others.
pub(super) fn round(course: &mut Course<'_>, number: u32) -> anyhow::Result<()> {
    let victim = course.any_seat()?;
    let seconds = if number.is_multiple_of(2) { HOUR } else { -HOUR };
    let link = if [1, 2].contains(&(number % 4)) { Passage::Closed } else { Passage::Open };
    let mut kinds = course.kinds(number).into_iter();
    let early = kinds.next().into_iter().map(Some).chain(kinds.clone().map(|_| None)).collect();
    let late = iter::once(None).chain(kinds.map(Some)).collect();

    let early = each(&mut course.lanes, early, |lane, kind: Option<Kind>| {
        let armed = kind.map(|kind| lane.arm(kind, None)).transpose()?;
        armed.map(|armed| kill(lane, armed, &Seat::ALL)).transpose()
    })?;
    let from = Instant::now();
    step(course, victim, seconds)?;
    let late = each(&mut course.lanes, late, |lane, kind: Option<Kind>| {
        kind.map(|kind| lane.arm(kind, Some(victim))).transpose()
    })?;
    course.site.links.at(victim).set(link);
    let late = each(&mut course.lanes, late, |lane, armed| {
        let via = if link == Passage::Open { Seat::ALL.to_vec() } else { victim.others().to_vec() };
        armed.map(|armed| kill(lane, armed, &via)).transpose()
    })?;
    let killed: Vec<_> = early.into_iter().zip(late).filter_map(|(early, late)| early.or(late)).collect();
    let killed = probe(course, killed, victim)?;
    course.site.links.at(victim).set(Passage::Open);
    if link != Passage::Open {
        course.recover(&[victim], from, Leeway::Unavailable)?;
    }
    thread::sleep(HOUSEKEEPING.saturating_sub(from.elapsed()));
    step(course, victim, 0)?;
    let killed = probe(course, killed, victim)?;
    each(&mut course.lanes, killed, |lane, killed| lane.revive_by_any(&killed))?;
    Ok(())
}

fn kill(lane: &mut Lane<'_>, armed: Armed, via: &[Seat]) -> anyhow::Result<Killed> {
    let via = *lane.chance.choose(via).context("there are no nodes")?;
    lane.kill(armed, via, Patience::None)
}

/// What the node with the wrong clock does not refuse is not looked at: it may find it too old or too new.
fn probe(course: &mut Course<'_>, killed: Vec<Killed>, victim: Seat) -> anyhow::Result<Vec<Killed>> {
    each(&mut course.lanes, killed, |lane, killed| {
        Seat::ALL.into_iter().try_for_each(|seat| lane.probe(seat, &killed, seat != victim))?;
        Ok(killed)
    })
}

/// Steps a clock and waits until the node's answers show it.
fn step(course: &mut Course<'_>, victim: Seat, seconds: i64) -> anyhow::Result<()> {
    course.nodes.at(victim).step_clock(seconds)?;
    let (stepped, right) = (course.address(victim), course.address(victim.next()));
    let begin = Instant::now();
    while (time_of_day(stepped)? - time_of_day(right)? - seconds + DAY / 2).rem_euclid(DAY).abs_diff(DAY / 2)
        > 2
    {
        ensure!(begin.elapsed() < LONGEST_STEP, "the clock of {} cannot be stepped", victim.name());
        thread::sleep(Duration::from_millis(20));
    }
    course.lanes.iter_mut().for_each(|lane| lane.forget_operator(victim));
    Ok(())
}

/// By the `Date` of a node's answer, in seconds.
fn time_of_day(address: SocketAddr) -> anyhow::Result<i64> {
    let answer = http::get(address, "/health/ready")?;
    let date = answer.header("date").context("an answer has no date")?;
    let time = date.split(' ').nth(4).context("a date has no time")?;
    time.split(':').try_fold(0, |seconds, part| Ok(seconds * 60 + part.parse::<i64>()?))
}
