//! A node is stopped as a whole (`SIGSTOP`) while access is taken away by way of the others, and goes on later.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::course::{Course, each, sleep_below};
use super::journal::Leeway;
use super::kill::Kind;
use super::lane::{Killed, Lane, Patience};
use super::seat::Seat;
use super::timing::LONGEST_CALL;

pub(super) fn round(course: &mut Course<'_>, number: u32) -> anyhow::Result<()> {
    let victim = course.any_seat()?;
    let kinds = course.kinds(number);
    let armed = each(&mut course.lanes, kinds, |lane, kind: Kind| lane.arm(kind, None))?;
    let from = Instant::now();
    course.nodes.at(victim).server.signal("STOP")?;
    // Every other time it goes on before the calls can have given it up.
    let goes_on_early = number % 2 == 1;
    let mut chance = course.chance.fork();
    let (nodes, lanes) = (&course.nodes, &mut course.lanes);
    let killed = thread::scope(|scope| {
        let going_on = scope.spawn(move || {
            if goes_on_early {
                sleep_below(&mut chance, LONGEST_CALL);
                nodes.at(victim).server.signal("CONT")?;
            }
            anyhow::Ok(())
        });
        let killed = each(lanes, armed, |lane, armed| {
            let via = other(lane, victim)?;
            let killed = lane.kill(armed, via, Patience::None)?;
            victim.others().into_iter().try_for_each(|seat| lane.probe(seat, &killed, true))?;
            if goes_on_early {
                lane.probe(victim, &killed, false)?;
            }
            Ok(killed)
        });
        going_on.join().map_err(|_| anyhow!("a thread panicked"))??;
        killed
    })?;
    let killed = if goes_on_early { killed } else { go_on_under_requests(course, victim, killed)? };
    course.recover(&[victim], from, Leeway::Silent)?;
    each(&mut course.lanes, killed, |lane, killed| {
        lane.probe(victim, &killed, true)?;
        lane.revive_by_any(&killed)
    })?;
    Ok(())
}

/// What it is asked while it is stopped waits for it and is the first that it sees.
fn go_on_under_requests(
    course: &mut Course<'_>,
    victim: Seat,
    killed: Vec<Killed>,
) -> anyhow::Result<Vec<Killed>> {
    let (nodes, lanes) = (&course.nodes, &mut course.lanes);
    thread::scope(|scope| {
        let going_on = scope.spawn(move || {
            thread::sleep(Duration::from_millis(100));
            nodes.at(victim).server.signal("CONT")
        });
        let killed = each(lanes, killed, |lane, killed| {
            lane.probe(victim, &killed, false)?;
            Ok(killed)
        });
        going_on.join().map_err(|_| anyhow!("a thread panicked"))??;
        killed
    })
}

/// A node that is well.
pub(super) fn other(lane: &mut Lane<'_>, victim: Seat) -> anyhow::Result<Seat> {
    lane.chance.choose(&victim.others()).copied().context("there are no other nodes")
}
