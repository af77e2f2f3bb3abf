//! A resource server that meters: its process is killed, then its authority, and every unit is counted once.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::{
    Made, RESOURCE, SECRET_VARIABLE, credentials, empty_folder, expect, get, make_app, start, start_authority,
};
use crate::http::{Connection, Request};
use crate::installation::{RunningServer, free_address};
use crate::management::{Api, Credentials, fetch_token, text};

/// Of the month: no run is longer than what is left of it, but for one in a hundred thousand.
const LIMIT: u64 = 5;

/// Within which usage is at the authority after one of the two was started again.
const REPORTED_WITHIN: Duration = Duration::from_secs(30);

pub(super) fn show() -> anyhow::Result<()> {
    let folder = empty_folder()?;
    let address = free_address()?;
    let (authority, said) = start_authority(address, &folder)?;
    let operator = credentials(&said)?;
    let mut api = Api::with_token(address, &fetch_token(address, &operator)?);
    let made = make_app(&mut api)?;
    put_on_plan(&mut api, &made.app_id)?;
    let meter = make_meter(&mut api, &made)?;
    let token = fetch_token(address, &made.app)?;
    let usage = format!("/api/v1/apps/{}/usage", made.app_id);

    let resource = start_metered(address, &folder, &meter)?;
    take(resource.address(), &token, 2)?;
    resource.kill()?;
    let resource = start_metered(address, &folder, &meter)?;
    let waited = until_counted(address, &operator, &usage, 2)?;
    println!(
        "example-resource-server: killed, and what it had not reported is counted {} ms later",
        waited.as_millis()
    );

    // It has heard of the keys: it lets requests in without the authority.
    expect(&get(resource.address(), "/documents", Some(&token))?, 200, "")?;
    authority.kill()?;
    take(resource.address(), &token, 1)?;
    let unreported = segments(&folder.join("usage"))?;
    let (authority, _) = start_authority(address, &folder)?;
    let waited = until_counted(address, &operator, &usage, 4)?;
    println!("example-embed: killed, and what was used meanwhile is counted {} ms later", waited.as_millis());

    resource.kill()?;
    for (path, content) in &unreported {
        std::fs::write(path, content)?;
    }
    let resource = start_metered(address, &folder, &meter)?;
    until_reported(resource.address())?;
    until_counted(address, &operator, &usage, 4)?;
    println!("example-resource-server: what it reports again after a restart is not counted again");

    take(resource.address(), &token, 1)?;
    let refused = get(resource.address(), "/documents", Some(&token))?;
    expect(&refused, 429, r#""violated-policies":["units-month"]"#)?;
    let limit = refused.header("ratelimit").context("no limit is named")?;
    ensure!(
        limit.starts_with(r#""units-month";r=0;t="#) && refused.header("retry-after").is_some(),
        "{limit}"
    );
    resource.end()?;
    let used = own_usage(address, &made.app)?;
    ensure!(used.pointer("/status") == Some(&json!("critical")) && month(&used)? == LIMIT, "{used}");
    println!(
        "example-resource-server: {LIMIT} units, as the plan allows, and the next request is answered 429"
    );

    authority.end()?;
    std::fs::remove_dir_all(&folder).context("could not remove the data of the examples")
}

fn put_on_plan(api: &mut Api, app_id: &str) -> anyhow::Result<()> {
    let limits = json!({"document_units": {"month": LIMIT}});
    let plan = api.create("/plans", &json!({"code": "tiny", "name": "Tiny", "limits": limits}))?;
    let plan_id = text(&plan, "id")?;
    api.act(&format!("/plans/{plan_id}/activate"))?;
    api.done("PUT", &format!("/apps/{app_id}/plan"), Some(&json!({"plan_id": plan_id})))?;
    Ok(())
}

/// The resource server's own app: it may report what is used of the resource.
fn make_meter(api: &mut Api, made: &Made) -> anyhow::Result<Credentials> {
    let app = api.create(
        "/apps",
        &json!({
            "tenant_id": made.tenant_id, "name": "Documents", "region": "eu-west", "scopes": "turnkeep.meter",
        }),
    )?;
    api.done("PUT", &format!("/resources/{}/servers/{}", made.resource_id, text(&app, "id")?), None)?;
    Credentials::read(&app)
}

fn start_metered(authority: SocketAddr, folder: &Path, meter: &Credentials) -> anyhow::Result<RunningServer> {
    let (server, _) = start("example-resource-server", free_address()?, |command, address| {
        command.args([&format!("http://{authority}"), RESOURCE, address]).arg(folder.join("usage"));
        command.args([&meter.client_id, SECRET_VARIABLE]).env(SECRET_VARIABLE, &meter.client_secret);
    })?;
    Ok(server)
}

fn take(resource: SocketAddr, token: &str, times: u32) -> anyhow::Result<()> {
    for _ in 0..times {
        let answer = get(resource, "/documents", Some(token))?;
        expect(&answer, 200, "documents of")?;
        ensure!(answer.header("ratelimit").is_some(), "no limit is named: {answer:?}");
    }
    Ok(())
}

/// The files of a journal, as a process would leave them behind that ends right now.
fn segments(journal: &Path) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(journal)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "takes") {
            segments.push((path.clone(), std::fs::read(path)?));
        }
    }
    ensure!(!segments.is_empty(), "everything is reported, but there was nobody to report to");
    Ok(segments)
}

/// Waits until nothing is left in the journal.
fn until_reported(resource: SocketAddr) -> anyhow::Result<()> {
    let begin = Instant::now();
    loop {
        let answer = get(resource, "/status", None)?;
        if answer.body.contains(" 0 unreported") {
            return Ok(());
        }
        ensure!(begin.elapsed() < REPORTED_WITHIN, "not everything is reported: {}", answer.body);
        thread::sleep(Duration::from_millis(20));
    }
}

/// How long it took until the authority had counted so many units, and no more.
fn until_counted(
    authority: SocketAddr,
    operator: &Credentials,
    path: &str,
    units: u64,
) -> anyhow::Result<Duration> {
    let begin = Instant::now();
    let token = fetch_token(authority, operator)?;
    loop {
        let asked = begin.elapsed();
        let used = month(&usage(authority, path, &token)?)?;
        if used == units {
            return Ok(asked);
        }
        if units < used || REPORTED_WITHIN < asked {
            bail!("{used} units are counted after {} ms, and {units} were used", asked.as_millis());
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// What the app itself is told.
fn own_usage(authority: SocketAddr, app: &Credentials) -> anyhow::Result<Value> {
    usage(authority, "/api/v1/usage", &fetch_token(authority, app)?)
}

fn usage(authority: SocketAddr, path: &str, token: &str) -> anyhow::Result<Value> {
    let headers = vec![("Authorization", format!("Bearer {token}"))];
    let request = Request { method: "GET", path: path.to_owned(), headers, ..Request::default() };
    let answer = Connection::new(authority).send(&request)?;
    expect(&answer, 200, "windows")?;
    answer.json()
}

fn month(usage: &Value) -> anyhow::Result<u64> {
    let windows = usage.get("windows").and_then(Value::as_array).context("there are no windows")?;
    let month = windows.iter().find(|window| window.get("window") == Some(&json!("month")));
    month.and_then(|month| month.get("used")?.as_u64()).context("nothing is said about the month")
}
