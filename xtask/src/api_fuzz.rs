//! `cargo xtask api-fuzz`: Schemathesis makes requests from the served OpenAPI document, as a developer and an
//! auditor of one of two tenants and as the operator. No answer may be a fault of ours, differ from the document, or
//! show the other tenant; and the other tenant's records are the same afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::arguments::{number, pairs};
use crate::installation::{Installation, RunningServer, built_server, server_to_test};
use crate::management::{Api, fetch_token};
use crate::process;
use crate::random::Chance;
use crate::setup;
use world::{Person, World};

mod surroundings;
mod world;

/// Of `cargo xtask ci`: whether a change passes should not depend on luck. The task by itself looks further each time.
const SAME_SEED: u64 = 4_003_001;

const USAGE: &str = "options are --seconds N (in all), --seed N and --program FILE";
const USUAL_SECONDS: u32 = 120;
/// In a change's checks.
const SOME_SECONDS: u32 = 90;
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,negative_data_rejection,\
                      no_record_of_another_tenant,token_is_good,Reach";

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let (mut seconds, mut seed, mut program) = (USUAL_SECONDS, None, None);
    for pair in pairs(arguments, USAGE) {
        let (name, value) = pair?;
        let number = || number(value, USAGE);
        match name {
            "--seconds" => seconds = number()?,
            "--seed" => seed = Some(u64::from(number()?)),
            "--program" => program = Some(PathBuf::from(value)),
            _ => bail!("there is no option {name}; {USAGE}"),
        }
    }
    let seed = seed.map_or_else(Chance::new_seed, Ok)?;
    fuzz(&server_to_test(program.as_deref())?, seconds, seed)
}

/// A bounded run of what the tests have built.
pub(crate) fn run_some() -> anyhow::Result<()> {
    fuzz(&built_server(), SOME_SECONDS, SAME_SEED)
}

fn fuzz(program: &Path, seconds: u32, seed: u64) -> anyhow::Result<()> {
    let fuzzer = setup::api_fuzzer()?;
    let folder = process::root().join("target/api-fuzz");
    let installation = Installation::create(program, &folder, None)?;
    let server = installation.start()?;
    let mut api = operator(&installation, &server)?;
    let world = World::make(&mut api)?;
    let fuzz = Fuzz { fuzzer, folder, installation, server, seed };

    let before = surroundings::without(&mut api, &world.own.id)?;
    fuzz.fuzz_as("developer", &world, Some(&world.own.developer), seconds / 2)?;
    fuzz.fuzz_as("auditor", &world, Some(&world.own.auditor), seconds / 6)?;
    let mut api = operator(&fuzz.installation, &fuzz.server)?;
    let after = surroundings::without(&mut api, &world.own.id)?;
    for (id, record) in &before {
        let now = after.get(id).unwrap_or(&Value::Null);
        ensure!(now == record, "{id} was {record}, and is {now} after runs by somebody who may not touch it");
    }
    ensure!(before.len() == after.len(), "records appeared outside of the tenant");
    println!("api-fuzz: {} records outside of the tenant are untouched", before.len());

    fuzz.fuzz_as("operator", &world, None, seconds / 3)?;
    fuzz.installation.remove()
}

fn operator(installation: &Installation, server: &RunningServer) -> anyhow::Result<Api> {
    let token = fetch_token(server.address(), &installation.operator()?)?;
    Ok(Api::with_token(server.address(), &token))
}

struct Fuzz {
    fuzzer: PathBuf,
    folder: PathBuf,
    installation: Installation,
    server: RunningServer,
    seed: u64,
}

impl Fuzz {
    fn fuzz_as(
        &self,
        name: &str,
        world: &World,
        caller: Option<&Person>,
        seconds: u32,
    ) -> anyhow::Result<()> {
        let begin = Instant::now();
        let mut api = operator(&self.installation, &self.server)?;
        let known = self.folder.join(format!("{name}.world.json"));
        std::fs::write(&known, world.describe(&mut api, &self.installation, caller.is_none())?.to_string())?;
        let token = match caller {
            Some(person) => person.token(&mut api)?,
            None => fetch_token(self.server.address(), &self.installation.operator()?)?,
        };
        let summary = self.folder.join(format!("{name}.summary.json"));
        let mut command = self.command(&token, seconds);
        command.env("TURNKEEP_FUZZ_WORLD", &known).env("TURNKEEP_FUZZ_SUMMARY", &summary);
        process::run(&mut command).with_context(|| format!("as {name}, seed {}", self.seed))?;
        let reached = Reached::read(&summary)?;
        println!(
            "api-fuzz as {name}: {} operations, {} of them with success, {:.1} s (seed {})",
            reached.tried.len(),
            reached.succeeded.len(),
            begin.elapsed().as_secs_f32(),
            self.seed
        );
        println!("api-fuzz as {name}: no success with {}", reached.without_success().join(", "));
        ensure!(!reached.succeeded.is_empty(), "no request succeeded as {name}");
        Ok(())
    }

    fn command(&self, token: &str, seconds: u32) -> Command {
        let sources = process::root().join("xtask/src/api_fuzz");
        let base = format!("http://{}/api/v1", self.server.address());
        let mut command = process::mortal_command(&self.fuzzer);
        command.arg("--config-file").arg(sources.join("schemathesis.toml"));
        command.args(["run", &format!("{base}/openapi.json"), "--url", &base, "--checks", CHECKS]);
        command.args(["--max-time", &seconds.to_string(), "--seed", &self.seed.to_string()]);
        command.args(["--workers", "1", "--request-timeout", "20", "--no-color"]);
        command.args(["--max-failures", "20", "--continue-on-failure", "--warnings", "off"]);
        command.args(["--generation-with-security-parameters", "false", "--generation-database", "none"]);
        command.args(["--suppress-health-check", "all"]);
        command.current_dir(&self.folder);
        command.env("PYTHONPATH", sources).env("TURNKEEP_FUZZ_TOKEN", token);
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("SCHEMATHESIS_HOOKS", "hooks");
        command
    }
}

/// The operations that a run has tried, and those that succeeded at least once.
struct Reached {
    tried: Vec<String>,
    succeeded: Vec<String>,
}

impl Reached {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).context("the run has left no summary")?;
        let summary: Value = serde_json::from_str(&text)?;
        let names = |field: &str| -> anyhow::Result<Vec<String>> {
            let names = summary.get(field).context("the run's summary is incomplete")?;
            Ok(serde_json::from_value(names.clone())?)
        };
        Ok(Self { tried: names("tried")?, succeeded: names("succeeded")? })
    }

    fn without_success(&self) -> Vec<&str> {
        let failed = self.tried.iter().filter(|name| !self.succeeded.contains(name));
        failed.map(String::as_str).collect()
    }
}
