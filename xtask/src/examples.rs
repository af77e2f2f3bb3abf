//! `cargo xtask examples`: runs the programs in `examples/` against each other: an authority inside of another
//! service, a resource server and a client of it, a meter whose process and whose authority end, and the rules alone.

mod metering;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::json;

use crate::http::{Answer, Connection, Request};
use crate::installation::{RunningServer, free_address};
use crate::management::{Api, Credentials, fetch_token, text};
use crate::process::{self, Lockfile};

const PROGRAMS: [&str; 4] = ["example-client", "example-embed", "example-resource-server", "example-rules"];

/// What the resource server wants of a token: the audience, and a scope of the same name.
const RESOURCE: &str = "TrueParser.API";

/// How long a program may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Within which a resource server refuses what was killed: sooner than its next poll would end by itself.
const KILLED_WITHIN: Duration = Duration::from_secs(8);

/// Where the client finds its secret.
const SECRET_VARIABLE: &str = "EXAMPLE_SECRET";

pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<()> {
    let mut build = process::cargo("build", Lockfile::MayChange);
    process::run(build.args(PROGRAMS.iter().flat_map(|program| ["--package", program])))?;
    show()
}

/// With what the tests have built. They leave out programs without tests; the flags are those with which nothing
/// else is built anew.
pub(crate) fn run_built() -> anyhow::Result<()> {
    let mut build = process::cargo("build", Lockfile::AsCommitted);
    process::run(build.args(["--workspace", "--all-features", "--bins", "--tests"]))?;
    show()
}

fn show() -> anyhow::Result<()> {
    show_rules().context("example-rules")?;
    show_services()?;
    metering::show().context("metering")
}

fn show_rules() -> anyhow::Result<()> {
    let said = process::output(&mut program("example-rules"))?;
    for expected in
        ["token for Example.API with read", "no token: plan_retired", "plan_not_retired     DENIED"]
    {
        ensure!(said.contains(expected), "it does not say `{expected}`:\n{said}");
    }
    println!("example-rules: a token on an active plan, none on a retired one");
    Ok(())
}

/// An authority beside a route of another service, a resource server that trusts it, and a client of both.
fn show_services() -> anyhow::Result<()> {
    let folder = empty_folder()?;
    let (authority, said) = start_authority(free_address()?, &folder)?;
    let operator = credentials(&said)?;
    let issuer = format!("http://{}", authority.address());
    expect(&get(authority.address(), "/hello", None)?, 200, "hello")?;
    let mut api = Api::with_token(authority.address(), &fetch_token(authority.address(), &operator)?);
    let Made { app_id, app, .. } = make_app(&mut api)?;
    println!("example-embed: its own route, and an authority with an app");

    let (resource, _) = start("example-resource-server", free_address()?, |command, address| {
        command.args([&issuer, RESOURCE, address]);
    })?;
    let url = format!("http://{}/documents", resource.address());
    expect(&get(resource.address(), "/documents", None)?, 401, "")?;
    let expected = format!("for {}; units per hour: unlimited", app.client_id);
    let called = call(&issuer, &app, &url)?;
    let (said, complaint) =
        (String::from_utf8_lossy(&called.stdout), String::from_utf8_lossy(&called.stderr));
    ensure!(called.status.success() && said.contains(&expected), "example-client said: {said}{complaint}");
    println!("example-client: documents of example-resource-server");

    let token = fetch_token(authority.address(), &app)?;
    expect(&get(resource.address(), "/documents", Some(&token))?, 200, &expected)?;
    api.act(&format!("/apps/{app_id}/disable"))?;
    let refused = until_refused(resource.address(), &token)?;
    println!(
        "example-resource-server: refuses an unexpired token {} ms after its app was disabled",
        refused.as_millis()
    );
    let called = call(&issuer, &app, &url)?;
    ensure!(!called.status.success(), "example-client got documents for a disabled app");

    resource.kill()?;
    authority.end()?;
    // It holds keys and secrets, if only of records that are good for nothing.
    std::fs::remove_dir_all(&folder).context("could not remove the data of the examples")
}

/// For the data of an authority and of a meter.
fn empty_folder() -> anyhow::Result<PathBuf> {
    let folder = process::root().join("target/examples-data");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(folder)
}

fn start_authority(address: SocketAddr, folder: &Path) -> anyhow::Result<(RunningServer, String)> {
    start("example-embed", address, |command, address| {
        command.arg(address).arg(folder);
    })
}

fn program(name: &str) -> Command {
    let path: PathBuf = process::root().join("target/debug").join(name);
    let mut command = process::mortal_command(&path);
    command.stdin(Stdio::null());
    command
}

/// Starts a server and waits until it listens; what it said until then.
fn start(
    name: &str,
    address: SocketAddr,
    arguments: impl FnOnce(&mut Command, &str),
) -> anyhow::Result<(RunningServer, String)> {
    let mut command = program(name);
    arguments(&mut command, &address.to_string());
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("could not start {name}"))?;
    let output = child.stdout.take();
    let server = RunningServer::new(address, child);
    let lines = BufReader::new(output.context("a program has no output")?).lines();
    let (tell, told) = channel();
    // What it says once nobody listens goes nowhere, but does not stop it.
    thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(tell.send(line))));
    let mut said = String::new();
    while !said.contains("listening on") {
        let line = told.recv_timeout(START_TIMEOUT);
        said.push_str(&line.with_context(|| format!("{name} does not listen: {said}"))?);
        said.push('\n');
    }
    Ok((server, said))
}

/// As the first start prints them.
fn credentials(said: &str) -> anyhow::Result<Credentials> {
    let word = |name: &str| said.split_whitespace().find_map(|word| word.strip_prefix(name));
    let found = word("client_id=").zip(word("client_secret="));
    let (client_id, client_secret) = found.with_context(|| format!("there are no credentials: {said}"))?;
    Ok(Credentials { client_id: client_id.to_owned(), client_secret: client_secret.to_owned() })
}

/// An app that may use the resource.
struct Made {
    resource_id: String,
    tenant_id: String,
    app_id: String,
    app: Credentials,
}

fn make_app(api: &mut Api) -> anyhow::Result<Made> {
    let resource_id =
        text(&api.create("/resources", &json!({"audience": RESOURCE, "name": "TrueParser"}))?, "id")?;
    api.create(&format!("/resources/{resource_id}/scopes"), &json!({"name": RESOURCE, "grant": "default"}))?;
    let region = text(&api.create("/regions", &json!({"code": "eu-west", "name": "EU West"}))?, "id")?;
    api.create(&format!("/regions/{region}/databases"), &json!({"db_code": "EU1", "capacity": 10}))?;
    let tenant_id = text(&api.create("/tenants", &json!({"name": "Acme"}))?, "id")?;
    api.act(&format!("/tenants/{tenant_id}/activate"))?;
    let app =
        api.create("/apps", &json!({"tenant_id": tenant_id, "name": "Invoices", "region": "eu-west"}))?;
    Ok(Made { resource_id, tenant_id, app_id: text(&app, "id")?, app: Credentials::read(&app)? })
}

/// The example client's way to the resource.
fn call(issuer: &str, app: &Credentials, url: &str) -> anyhow::Result<Output> {
    let mut command = program("example-client");
    command.args([issuer, &app.client_id, SECRET_VARIABLE, url]).env(SECRET_VARIABLE, &app.client_secret);
    command.output().context("could not run example-client")
}

/// How long it took the resource server to hear of a kill.
fn until_refused(resource: SocketAddr, token: &str) -> anyhow::Result<Duration> {
    let begin = Instant::now();
    loop {
        let asked = begin.elapsed();
        match get(resource, "/documents", Some(token))?.status {
            401 => return Ok(asked),
            200 if asked < KILLED_WITHIN => thread::sleep(Duration::from_millis(5)),
            status => bail!("a killed token was answered {status} after {} ms", asked.as_millis()),
        }
    }
}

fn get(address: SocketAddr, path: &str, token: Option<&str>) -> anyhow::Result<Answer> {
    let headers = token.map(|token| ("Authorization", format!("Bearer {token}"))).into_iter().collect();
    let request = Request { method: "GET", path: path.to_owned(), headers, ..Request::default() };
    Connection::new(address).send(&request)
}

fn expect(answer: &Answer, status: u16, words: &str) -> anyhow::Result<()> {
    ensure!(
        answer.status == status && answer.body.contains(words),
        "{status} with `{words}` was expected, and the answer is {answer:?}"
    );
    Ok(())
}
