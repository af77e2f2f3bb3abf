//! `cargo xtask bench pages`: how long the server takes for each page of the dashboard, and how long the page is, with
//! 10,000 apps in one tenant. One request after the other, by somebody who may see everything.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::latency::Latency;
use super::{build_programs, fresh_folder, programs, seeding};
use crate::arguments::{pairs, positive};
use crate::installation::Installation;
use crate::management::{Api, fetch_token, text};
use crate::process;
use crate::users::User;
use usage::report_usage;
use visitor::Visitor;

mod usage;
mod visitor;

const USAGE: &str = "options are --apps N, --seconds N (for each line) and --programs FOLDER";
/// More answers than these make no figure better.
const MOST_ANSWERS: usize = 500;
/// What a page may take, and how long it may be.
const LONGEST: Duration = Duration::from_millis(50);
const MOST_BYTES: usize = 100 * 1024;

/// The choices.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    apps: u32,
    measured: Duration,
    /// Where the programs are, if they are not to be built.
    programs: Option<PathBuf>,
}

impl Options {
    fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self { apps: 10_000, measured: Duration::from_secs(2), programs: None };
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            match name {
                "--apps" => options.apps = positive(value, USAGE)?,
                "--seconds" => options.measured = Duration::from_secs(positive(value, USAGE)?.into()),
                "--programs" => options.programs = Some(PathBuf::from(value)),
                _ => bail!("there is no option {name}; {USAGE}"),
            }
        }
        Ok(options)
    }
}

pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    if options.programs.is_none() {
        build_programs()?;
    }
    let programs = options.programs.clone().unwrap_or_else(programs);
    let scratch = process::root().join("target/bench");
    let folder = fresh_folder(&scratch)?.join("pages");
    process::run(&mut seeding(&programs, &folder, (options.apps, options.apps)))?;
    let installation = Installation::filled(&programs.join("turnkeep"), &folder, None)?;
    let server = installation.start()?;
    let mut api =
        Api::with_token(server.address(), &fetch_token(server.address(), &installation.operator()?)?);
    report_usage(&mut api, server.address(), &folder)?;
    let operator = User::make(&mut api, &installation, &folder, ("oskar", "Oskar"))?;
    api.done("PUT", &format!("/operators/{}", operator.id), None)?;
    let pages = pages(&mut api)?;
    let mut visitor = Visitor::sign_in(server.address(), &operator)?;
    println!(
        "{}; {} apps in one tenant; one request after the other, at most {} s for each line\n",
        programs.display(),
        options.apps,
        options.measured.as_secs()
    );
    let failed = measure_all(&mut visitor, &pages, options.measured);
    drop(server);
    std::fs::remove_dir_all(&scratch).context("could not remove the measured data")?;
    // How long a page takes depends on the machine, how long it is does not.
    ensure!(failed == 0, "{failed} pages were not answered with 200, or are too long");
    Ok(())
}

/// The pages: what each is called, and its path.
fn pages(api: &mut Api) -> anyhow::Result<Vec<(&'static str, String)>> {
    let first = |list: Value| -> anyhow::Result<Value> {
        list.pointer("/items/0").cloned().context("a list is empty")
    };
    let middle = first(api.get("/apps?sort=name&limit=1&search=measured")?)?;
    let page = api.get("/apps?limit=100")?;
    let cursor = text(&page, "next")?;
    let tenant_id = text(&middle, "tenant_id")?;
    let tenant = format!("/dashboard/tenants/{tenant_id}");
    let app = format!("{tenant}/apps/{}", text(&middle, "id")?);
    let plan = text(&first(api.get("/plans?limit=1")?)?, "id")?;
    let region = text(&first(api.get("/regions?limit=1")?)?, "id")?;
    let resource = text(&first(api.get("/resources?limit=1")?)?, "id")?;
    api.done("PATCH", &format!("/tenants/{tenant_id}"), Some(&json!({"app_limit": 100_000})))?;
    Ok(vec![
        ("first page", "/dashboard".to_owned()),
        ("tenant", tenant.clone()),
        ("apps", format!("{tenant}/apps")),
        ("apps, a page further on", format!("{tenant}/apps?after={cursor}")),
        ("apps, by the beginning of a name", format!("{tenant}/apps?search=app%20777")),
        ("new app", format!("{tenant}/apps/new")),
        ("app", app.clone()),
        ("app: settings", format!("{app}/settings")),
        ("app: secrets", format!("{app}/secrets")),
        ("app: usage", format!("{app}/usage")),
        ("app: storage", format!("{app}/storage")),
        ("app: tokens", format!("{app}/tokens")),
        ("app: audit", format!("{app}/audit")),
        ("members", format!("{tenant}/members")),
        ("usage of the tenant", format!("{tenant}/usage")),
        ("audit of the tenant", format!("{tenant}/audit")),
        ("search, by a word", "/dashboard/search?q=measured".to_owned()),
        ("search, finds nothing", "/dashboard/search?q=nowhere".to_owned()),
        ("tenants", "/dashboard/tenants".to_owned()),
        ("tenant: manage", format!("{tenant}/edit")),
        ("people", "/dashboard/people".to_owned()),
        ("plans", "/dashboard/plans".to_owned()),
        ("plan", format!("/dashboard/plans/{plan}")),
        ("plan: who is hit when it retires (all)", format!("/dashboard/plans/{plan}/retire")),
        ("regions", "/dashboard/regions".to_owned()),
        ("region", format!("/dashboard/regions/{region}")),
        ("resources", "/dashboard/resources".to_owned()),
        ("resource", format!("/dashboard/resources/{resource}")),
        ("instances", "/dashboard/instances".to_owned()),
        ("signing keys", "/dashboard/keys".to_owned()),
        ("nodes", "/dashboard/node".to_owned()),
        ("review", "/dashboard/review".to_owned()),
        ("audit of all", "/dashboard/audit".to_owned()),
        ("account", "/account".to_owned()),
    ])
}

/// Prints the table. Returns how many pages were not there.
fn measure_all(visitor: &mut Visitor, pages: &[(&'static str, String)], measured: Duration) -> usize {
    let (limit, most) = (LONGEST.as_millis(), MOST_BYTES >> 10);
    println!(
        "| {:<38} | {:>8} | {:>8} | {:>7} | over {limit} ms or {most} KiB |",
        "", "p50 ms", "p99 ms", "KiB"
    );
    println!("|{:-<40}|{:->10}|{:->10}|{:->9}|------------------------|", "", ":", ":", ":");
    let mut failed = 0;
    for (name, path) in pages {
        let is_fine = match measure(visitor, name, path, measured) {
            Ok(bytes) => bytes <= MOST_BYTES,
            Err(error) => {
                println!("| {name:<38} | {error:#}");
                false
            }
        };
        failed += usize::from(!is_fine);
    }
    failed
}

/// Says how long a page takes; how many bytes it has.
fn measure(visitor: &mut Visitor, name: &str, path: &String, measured: Duration) -> anyhow::Result<usize> {
    let bytes = visitor.look(path)?;
    let paths = std::slice::from_ref(path);
    let latency = Latency::measure(paths, |path| visitor.look(path).map(drop), measured, MOST_ANSWERS)?;
    let millis = |duration: Duration| duration.as_secs_f64() * 1e3;
    println!(
        "| {name:<38} | {:>8.2} | {:>8.2} | {:>7} | {:<22} |",
        millis(latency.p50),
        millis(latency.p99),
        kib(bytes),
        verdict(&latency, bytes)
    );
    Ok(bytes)
}

/// With one digit behind the point.
fn kib(bytes: usize) -> String {
    format!("{}.{}", bytes >> 10, (bytes % 1024) * 10 / 1024)
}

fn verdict(latency: &Latency, bytes: usize) -> &'static str {
    match (LONGEST < latency.p50, LONGEST < latency.p99, MOST_BYTES < bytes) {
        (_, _, true) => "too long",
        (true, _, _) => "too slow",
        (false, true, _) => "one in a hundred slow",
        (false, false, false) => "",
    }
}
