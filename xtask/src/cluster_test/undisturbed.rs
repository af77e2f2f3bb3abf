//! Access is taken away while nothing else goes wrong.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;

use super::course::{Course, each};
use super::kill::Kind;
use super::lane::{Lane, Patience};

pub(super) fn run(course: &mut Course<'_>, rounds: u32, kind: fn(u32) -> Kind) -> anyhow::Result<()> {
    let next = AtomicU32::new(0);
    let work = |lane: &mut Lane<'_>, ()| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= rounds {
                return Ok(());
            }
            round(lane, kind(number)).with_context(|| format!("round {}", number + 1))?;
        }
    };
    let nothing = course.lanes.iter().map(|_| ()).collect();
    each(&mut course.lanes, nothing, work)?;
    Ok(())
}

fn round(lane: &mut Lane<'_>, kind: Kind) -> anyhow::Result<()> {
    let armed = lane.arm(kind, None)?;
    let via = lane.any_seat()?;
    let killed = lane.kill(armed, via, Patience::None)?;
    lane.probe_all(&killed)?;
    lane.revive_by_any(&killed)
}
