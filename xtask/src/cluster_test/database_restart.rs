//! PostgreSQL dies and is started again while access is taken away. A call may fail then; what counts is the one that
//! was answered.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use super::course::{Course, each, sleep_below};
use super::journal::Leeway;
use super::kill::Kind;
use super::lane::Patience;
use super::relay::held;
use super::seat::Seat;
use super::site::Site;
use crate::random::Chance;

/// Calls begin that long before or after it dies.
const AROUND: Duration = Duration::from_millis(300);

pub(super) fn round(course: &mut Course<'_>, number: u32) -> anyhow::Result<()> {
    let kinds = course.kinds(number);
    let armed = each(&mut course.lanes, kinds, |lane, kind: Kind| lane.arm(kind, None))?;
    let from = Instant::now();
    let (site, lanes, chance) = (course.site, &mut course.lanes, &mut course.chance);
    let killed = thread::scope(|scope| {
        let killing = scope.spawn(move || {
            each(lanes, armed, |lane, armed| {
                sleep_below(&mut lane.chance, AROUND);
                let via = lane.any_seat()?;
                let killed = lane.kill(armed, via, Patience::Some)?;
                Seat::ALL.into_iter().try_for_each(|seat| lane.probe(seat, &killed, false))?;
                Ok(killed)
            })
        });
        // Not in a thread of its own: with that, PostgreSQL would end as well.
        let restarted = restart(site, chance);
        let killed = killing.join().map_err(|_| anyhow!("a thread panicked"))?;
        restarted?;
        killed
    })?;
    course.recover(&Seat::ALL, from, Leeway::Unavailable)?;
    each(&mut course.lanes, killed, |lane, killed| {
        lane.probe_all(&killed)?;
        lane.revive_by_any(&killed)
    })?;
    Ok(())
}

fn restart(site: &Site, chance: &mut Chance) -> anyhow::Result<()> {
    sleep_below(chance, AROUND);
    let mut postgres = held(&site.postgres);
    postgres.stop_immediately()?;
    postgres.start_again()
}
