//! A node's way to the database is cut, or swallows what is sent, while access is taken away by way of the others.

use std::thread;
use std::time::Instant;

use anyhow::{anyhow, ensure};

use super::client::Outcome;
use super::course::{Course, each, sleep_below};
use super::journal::Leeway;
use super::kill::Kind;
use super::lane::{Armed, Killed, Patience};
use super::relay::Passage;
use super::seat::Seat;
use super::stopped::other;
use super::timing::LONGEST_CALL;

pub(super) fn round(course: &mut Course<'_>, number: u32) -> anyhow::Result<()> {
    let victim = course.any_seat()?;
    let kinds = course.kinds(number);
    let armed = each(&mut course.lanes, kinds, |lane, kind: Kind| lane.arm(kind, None))?;
    let passage = if number.is_multiple_of(2) { Passage::Closed } else { Passage::Stalled };
    let comes_back_early = number % 4 >= 2;
    let from = Instant::now();
    course.site.links.at(victim).set(passage);
    let killed = kill(course, victim, armed, comes_back_early)?;
    if !comes_back_early {
        // One that is kept waiting cannot know that it is for nothing.
        if passage == Passage::Closed {
            each(&mut course.lanes, vec![(); 1], |lane, ()| {
                let outcome = lane.edit(victim);
                ensure!(!matches!(outcome, Outcome::Accepted(_)), "a node without a database has changed it");
                Ok(())
            })?;
        }
        course.site.links.at(victim).set(Passage::Open);
    }
    let killed = each(&mut course.lanes, killed, |lane, killed| {
        lane.probe(victim, &killed, false)?;
        Ok(killed)
    })?;
    let leeway = if passage == Passage::Closed { Leeway::Unavailable } else { Leeway::Slow };
    course.recover(&[victim], from, leeway)?;
    each(&mut course.lanes, killed, |lane, killed| {
        lane.probe(victim, &killed, true)?;
        lane.revive_by_any(&killed)
    })?;
    Ok(())
}

fn kill(
    course: &mut Course<'_>,
    victim: Seat,
    armed: Vec<Armed>,
    comes_back_early: bool,
) -> anyhow::Result<Vec<Killed>> {
    let mut chance = course.chance.fork();
    let (site, lanes) = (course.site, &mut course.lanes);
    thread::scope(|scope| {
        let coming_back = scope.spawn(move || {
            if comes_back_early {
                sleep_below(&mut chance, LONGEST_CALL);
                site.links.at(victim).set(Passage::Open);
            }
        });
        let killed = each(lanes, armed, |lane, armed| {
            let via = other(lane, victim)?;
            let killed = lane.kill(armed, via, Patience::None)?;
            lane.probe(victim, &killed, false)?;
            victim.others().into_iter().try_for_each(|seat| lane.probe(seat, &killed, true))?;
            Ok(killed)
        });
        coming_back.join().map_err(|_| anyhow!("a thread panicked"))?;
        killed
    })
}
