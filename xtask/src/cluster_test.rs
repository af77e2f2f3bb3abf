//! `cargo xtask cluster-test`: takes access away by way of any of three nodes on one PostgreSQL, under load and while
//! one of them or the database is disturbed, and looks on every node whether the old state is still honoured.

use std::path::Path;

use anyhow::Context;

use crate::installation::{built_server, server_to_test};
use crate::process;
use crate::random::Chance;
use options::Options;
use phase::Phase;
use site::Site;

mod app;
mod applied;
mod arena;
mod balancer;
mod client;
mod course;
mod cut_off;
mod database_link;
mod database_restart;
mod journal;
mod judge;
mod kill;
mod lane;
mod load;
mod options;
mod phase;
mod relay;
mod seat;
mod site;
mod stale;
mod stepped_clock;
mod stopped;
mod timing;
mod undisturbed;
mod wall_clock;
mod witness;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    test(&options, &server_to_test(options.program.as_deref())?)
}

/// A few rounds with what the tests have built.
pub(crate) fn run_some() -> anyhow::Result<()> {
    let phases = Phase::ALL.to_vec();
    let options = Options { rounds: 42, fault_rounds: 2, phases, seed: Chance::new_seed()?, program: None };
    test(&options, &built_server())
}

fn test(options: &Options, program: &Path) -> anyhow::Result<()> {
    println!("seed {}", options.seed);
    let mut chance = Chance::from_seed(options.seed);
    let site = Site::prepare(program, &process::root().join("target/cluster-test"))?;
    let arena = site.furnish()?;
    for phase in &options.phases {
        phase::perform(*phase, &site, &arena, options, chance.fork())
            .with_context(|| format!("{}, seed {}", phase.name(), options.seed))?;
    }
    phase::serve_stale(&site, &arena, chance.fork())?;
    phase::pretend(&site, &arena, chance.fork())?;
    drop(arena);
    site.remove()
}
