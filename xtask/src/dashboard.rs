//! `cargo xtask dashboard`: a headless Chromium walks through the dashboard of a real server, by role, with script and
//! without, and looks at every page of it, of signing in and of accounts: whether axe finds a barrier, how long it is,
//! and what it looks like.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::arguments::pairs;
use crate::checking_program;
use crate::installation::{Installation, built_server, free_address, issuer_at, server_to_test};
use crate::management::{Api, fetch_token};
use crate::process;
use crate::setup;
use world::World;

mod world;

const TASK: &str = "dashboard";
const USAGE: &str = "options are --only PART and --program FILE";
const SOURCES: &str = "xtask/src/dashboard/browser";
/// Of all pages, none of which may be left out.
const TEMPLATES: &str = "crates/console/templates";
/// A part that takes longer hangs, however slow the machine.
const PART_TIMEOUT: Duration = Duration::from_secs(900);

/// Parts that go one after the other.
type Lane<'a> = &'a [&'a str];

/// Reports usage, since charts are empty without it, whichever parts follow.
const FIRST: &str = "usage";
const PAGES: &str = "pages";

/// What is checked, one program each. The lanes of a stage go at the same time, for none stands in the way of another.
/// The first stage finds the world as it was made; the last one suspends the tenant for a while, and disables people.
const STAGES: [&[Lane<'_>]; 3] = [
    &[&[PAGES]],
    &[&["developer", "without-script", "owner"], &["live", "reading", "auditor", "account", "samples"]],
    &[&["operator"], &["instance"]],
];

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let (mut program, mut only) = (None, None);
    for pair in pairs(arguments, USAGE) {
        match pair? {
            ("--program", value) => program = Some(PathBuf::from(value)),
            ("--only", value) => only = Some(value),
            (name, _) => bail!("there is no option {name}; {USAGE}"),
        }
    }
    let every_part: Vec<&str> = STAGES.concat().concat();
    ensure!(only.is_none_or(|only| every_part.contains(&only)), "parts are {}", every_part.join(", "));
    walk(&server_to_test(program.as_deref())?, only)
}

/// With what the tests have built.
pub(crate) fn run_built() -> anyhow::Result<()> {
    walk(&built_server(), None)
}

/// All parts, or only one.
fn walk(program: &Path, only: Option<&str>) -> anyhow::Result<()> {
    let folder = process::root().join("target/dashboard");
    let sources = process::root().join(SOURCES);
    let tools = setup::browser(&sources, &folder.join("browser"))?;
    let python = setup::python_packages(&sources, &folder.join("python"))?;
    let begin = Instant::now();
    let installation = Installation::create(program, &folder.join("server"), None)?;
    let address = free_address()?;
    let server = installation.start_at(address, &installation.log_file(), |command| {
        command.env("TURNKEEP_BASE_URL", issuer_at(address));
    })?;
    let token = fetch_token(address, &installation.operator()?)?;
    let world = World::make(&mut Api::with_token(address, &token), &installation, address)?;
    checking_program::tell(TASK, "world", &format!("made, {:.1} s", begin.elapsed().as_secs_f32()));
    let screenshots = folder.join("screenshots");
    if only.is_none_or(|only| only == PAGES) {
        empty(&screenshots)?;
    }
    let surroundings = world.describe(&[
        ("chromium", &tools.chromium),
        ("python", &python),
        ("screenshots", &screenshots),
        ("templates", &process::root().join(TEMPLATES)),
    ])?;
    let run = |part: &str| {
        let mut command = process::mortal_command(Path::new("node"));
        command.arg(tools.programs.join(format!("{part}.mjs"))).arg(&surroundings);
        checking_program::run(TASK, part, &mut command, PART_TIMEOUT)
            .with_context(|| format!("dashboard {part}"))
    };
    let walked = run(FIRST).and_then(|()| STAGES.iter().try_for_each(|lanes| run_lanes(lanes, only, &run)));
    if let Err(error) = walked {
        installation.show_end_of_log();
        return Err(error);
    }
    println!("dashboard: {:.1} s", begin.elapsed().as_secs_f32());
    server.end()?;
    installation.remove()
}

/// Goes through some lanes at the same time.
fn run_lanes(
    lanes: &[Lane<'_>],
    only: Option<&str>,
    run: &(impl Fn(&str) -> anyhow::Result<()> + Sync),
) -> anyhow::Result<()> {
    let run_lane = |lane: Lane<'_>| {
        let wanted = lane.iter().filter(|part| only.is_none_or(|only| only == **part));
        wanted.copied().try_for_each(run)
    };
    thread::scope(|scope| {
        let under_way: Vec<_> = lanes.iter().map(|lane| scope.spawn(move || run_lane(lane))).collect();
        let ended =
            under_way.into_iter().map(|lane| lane.join().unwrap_or_else(|_| bail!("a lane has panicked")));
        // All of them end before anything is said about one.
        ended.collect::<Vec<_>>().into_iter().collect()
    })
}

fn empty(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))
}
