//! A node's wall clock is stepped by an hour while it runs, and back again. What it thinks of the age of tokens is
//! wrong then, and what others think of the age of its own; what is dead must be dead for all of them.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::course::{Course, each};
use super::kill::Kind;
use super::lane::{Killed, Lane, Patience};
use super::seat::Seat;
use crate::http;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const LONGEST_STEP: Duration = Duration::from_secs(5);
/// Longer than the nodes' housekeeping takes to come round: what it throws away as expired must not live again.
const HOUSEKEEPING: Duration = Duration::from_millis(2_500);

pub(super) fn run(course: &mut Course<'_>, rounds: u32) -> anyhow::Result<()> {
    (0..rounds)
        .try_for_each(|number| round(course, number).with_context(|| format!("fault round {}", number + 1)))
}

/// Access is taken away before the step from one app, and after it from the others.
fn round(course: &mut Course<'_>, number: u32) -> anyhow::Result<()> {
    let victim = course.any_seat()?;
    let seconds = if number.is_multiple_of(2) { HOUR } else { -HOUR };
    let kinds: Vec<_> = course.kinds(number).into_iter().zip([true, false, false]).collect();
    let early = each(&mut course.lanes, kinds.clone(), |lane, (kind, is_early)| {
        is_early.then(|| kill(lane, kind, None)).transpose()
    })?;
    let from = Instant::now();
    step(course, victim, seconds)?;
    let things = early.into_iter().zip(kinds).collect();
    let killed = each(&mut course.lanes, things, |lane, (early, (kind, _)): (Option<_>, (Kind, _))| {
        let killed = match early {
            Some(killed) => killed,
            None => kill(lane, kind, Some(victim))?,
        };
        probe(lane, &killed, victim)?;
        Ok(killed)
    })?;
    thread::sleep(HOUSEKEEPING.saturating_sub(from.elapsed()));
    step(course, victim, 0)?;
    each(&mut course.lanes, killed, |lane, killed| {
        probe(lane, &killed, victim)?;
        let via = lane.any_seat()?;
        lane.revive(&killed, via)
    })?;
    Ok(())
}

fn kill(lane: &mut Lane<'_>, kind: Kind, stepped: Option<Seat>) -> anyhow::Result<Killed> {
    let armed = lane.arm(kind, stepped)?;
    let via = lane.any_seat()?;
    lane.kill(armed, via, Patience::None)
}

/// What the node with the wrong clock does not refuse is not looked at: it may find it too old or too new.
fn probe(lane: &mut Lane<'_>, killed: &Killed, victim: Seat) -> anyhow::Result<()> {
    Seat::ALL.into_iter().try_for_each(|seat| lane.probe(seat, killed, seat != victim))
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
