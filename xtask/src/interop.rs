//! `cargo xtask interop`: clients that nobody here wrote, unmodified, against a server of ours. Somebody in a headless
//! Chromium signs in, consents and signs out. One line for each check; the first failure ends it, with the end of the
//! server's log.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::arguments::pairs;
use crate::checking_program;
use crate::installation::{
    Installation, RunningServer, built_server, free_address, issuer_at, server_to_test,
};
use crate::management::{Api, fetch_token};
use crate::process::{self, Lockfile};
use crate::setup;
use person::Person;
use world::World;

mod apache;
mod nginx;
mod person;
mod reference_token;
mod site;
mod world;

const TASK: &str = "interop";
const USAGE: &str = "options are --only CLIENT and --program FILE";
const SOURCES: &str = "xtask/src/interop/clients";
const RUST_CLIENTS: &str = "example-interop-rust";
/// A client whose checks take longer hangs, however slow the machine.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(600);

/// What every client finds.
struct Stage<'a> {
    tools: &'a setup::InteropTools,
    installation: &'a Installation,
    server: &'a RunningServer,
    world: &'a World,
    person: &'a Person,
}

impl Stage<'_> {
    /// The management API.
    fn operator(&self) -> anyhow::Result<Api> {
        operator(self.installation, self.server)
    }
}

type Part = (&'static str, fn(&Stage<'_>) -> anyhow::Result<()>);

const PARTS: [Part; 9] = [
    ("openid-client", |stage| npm(stage, "openid-client", "openid_client.mjs")),
    ("oauth4webapi", |stage| npm(stage, "oauth4webapi", "oauth4webapi.mjs")),
    ("authlib", |stage| python(stage, "authlib", "authlib_client.py")),
    ("requests-oauthlib", |stage| python(stage, "requests-oauthlib", "requests_oauthlib_client.py")),
    ("rust", rust),
    ("mod_auth_openidc", |stage| apache::check_relying_party(&stage.tools.apache, stage.world, stage.person)),
    ("mod_oauth2", |stage| apache::check_resource_server(&stage.tools.apache, stage.server, stage.world)),
    ("chromium", |stage| npm(stage, "chromium", "account.mjs")),
    ("nginx", |stage| nginx::check(&stage.tools.nginx, stage.server, stage.world, &mut stage.operator()?)),
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
    let parts: Vec<&Part> = PARTS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)).collect();
    ensure!(!parts.is_empty(), "clients are {}", PARTS.map(|(name, _)| name).join(", "));
    process::run(process::cargo("build", Lockfile::MayChange).args(["--package", RUST_CLIENTS]))?;
    show(&server_to_test(program.as_deref())?, &parts)
}

/// With what the tests have built.
pub(crate) fn run_built() -> anyhow::Result<()> {
    show(&built_server(), &PARTS.iter().collect::<Vec<_>>())
}

fn show(program: &Path, parts: &[&Part]) -> anyhow::Result<()> {
    let folder = process::root().join("target/interop");
    let tools = setup::interop(&process::root().join(SOURCES), &folder)?;
    let begin = Instant::now();
    let installation = Installation::create(program, &folder.join("server"), None)?;
    let address = free_address()?;
    let server = installation.start_at(address, &installation.log_file(), |command| {
        command.env("TURNKEEP_LOG", "info").env("TURNKEEP_BASE_URL", issuer_at(address));
    })?;
    let outcome = play(&tools, &installation, &server, parts);
    if let Err(error) = outcome {
        installation.show_end_of_log();
        return Err(error);
    }
    println!("interop: {} clients, {:.1} s", parts.len(), begin.elapsed().as_secs_f32());
    server.end()?;
    installation.remove()
}

fn play(
    tools: &setup::InteropTools,
    installation: &Installation,
    server: &RunningServer,
    parts: &[&Part],
) -> anyhow::Result<()> {
    let folder = installation.log_file().with_file_name("clients");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let world = World::make(&mut operator(installation, server)?, installation, server.address(), &folder)?;
    let person = Person::start(tools, &folder, &world.user)?;
    world.describe(person.address(), &tools.chromium)?;
    let stage = Stage { tools, installation, server, world: &world, person: &person };
    for (name, part) in parts {
        part(&stage).with_context(|| format!("interop {name}"))?;
    }
    person.end()
}

fn operator(installation: &Installation, server: &RunningServer) -> anyhow::Result<Api> {
    let token = fetch_token(server.address(), &installation.operator()?)?;
    Ok(Api::with_token(server.address(), &token))
}

fn npm(stage: &Stage<'_>, name: &str, file: &str) -> anyhow::Result<()> {
    let mut command = process::mortal_command(Path::new("node"));
    command.arg(stage.tools.clients.join(file)).arg(&stage.world.surroundings);
    checking_program::run(TASK, name, &mut command, CLIENT_TIMEOUT)
}

fn python(stage: &Stage<'_>, name: &str, file: &str) -> anyhow::Result<()> {
    let mut command = process::mortal_command(&stage.tools.python);
    command.arg(stage.tools.clients.join(file)).arg(&stage.world.surroundings);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    checking_program::run(TASK, name, &mut command, CLIENT_TIMEOUT)
}

fn rust(stage: &Stage<'_>) -> anyhow::Result<()> {
    let built = process::root().join("target/debug").join(RUST_CLIENTS);
    let mut command = process::mortal_command(&built);
    checking_program::run(TASK, "rust", command.arg(&stage.world.surroundings), CLIENT_TIMEOUT)
}

/// As a check that went well is told.
fn tell(client: &str, check: &str) {
    checking_program::tell(TASK, client, check);
}
