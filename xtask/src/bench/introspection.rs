//! `cargo xtask bench introspection`: how fast a resource server learns about tokens, at first sight and again,
//! beside the prototype's form and JSON without a signature, and beside an empty answer.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use anyhow::{Context, bail};

use super::lane::Algorithm;
use super::load::Load;
use super::{Bench, Fleet, Lane, Report, Row, RunningServer, Subject, Way};
use crate::arguments::{pairs, positive};
use crate::http::{Connection, Request};
use crate::management::text;

const USAGE: &str = "options are --tokens N and --seconds N (for each line)";
const WARM_UP: Duration = Duration::from_secs(2);

/// The choices.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    /// Of as many apps.
    tokens: u32,
    measured: Duration,
}

impl Options {
    fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self { tokens: 10_000, measured: Duration::from_secs(5) };
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            match name {
                "--tokens" => options.tokens = positive(value, USAGE)?,
                "--seconds" => options.measured = Duration::from_secs(positive(value, USAGE)?.into()),
                _ => bail!("there is no option {name}; {USAGE}"),
            }
        }
        Ok(options)
    }
}

pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    let bench = Bench::prepare()?;
    println!(
        "release build; {} s for each line; {} tokens of ES256",
        options.measured.as_secs(),
        options.tokens
    );
    let fleet = bench.seed(options.tokens, options.tokens)?;
    write_questions(&bench.start(Subject::Server, &fleet)?, &fleet)?;

    let mut report = Report::start();
    let prototype = bench.start(Subject::Prototype, &fleet)?;
    // Started anew: it has seen none of the tokens.
    let server = bench.start(Subject::Server, &fleet)?;
    for (subject, lane, way) in [
        (&prototype, Lane::Floor, Way::Fastest),
        (&server, Lane::Floor, Way::Fastest),
        (&prototype, Lane::Unsigned, Way::Fastest),
        (&server, Lane::Introspection, Way::First),
        (&server, Lane::Introspection, Way::Fastest),
    ] {
        let load = Load::of(&bench, subject, lane, &fleet);
        let measure = || match way {
            Way::First => load.once(),
            Way::Fastest | Way::AtRate(_) => {
                lane.check_answer(subject, &fleet)?;
                load.fastest(WARM_UP)?;
                load.fastest(options.measured)
            }
        };
        let measured = measure().with_context(|| subject.subject().describe(lane))?;
        let (subject, memory) = (subject.subject(), subject.resident_bytes()?);
        report.add(Row { subject, lane, way, apps: fleet.apps, measured, memory });
    }
    drop(server);
    bench.clean_up()
}

/// Gets a token for each app, and writes what the first app, which serves their resource, asks about them.
fn write_questions(server: &RunningServer, fleet: &Fleet) -> anyhow::Result<()> {
    let lane = Lane::Token(Algorithm::Es256);
    let bodies = fleet.forms(lane).context("a token takes a form")?.read()?;
    let asker = bodies.first().and_then(|body| credentials(body)).context("there is no request body")?;
    let mut connection = Connection::new(server.address());
    let file = fleet.data.join(Fleet::INTROSPECTIONS);
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(file)?;
    let mut file = BufWriter::new(file);
    for body in &bodies {
        let request = Request {
            method: "POST",
            path: server.subject().path(lane),
            headers: vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())],
            body: body.clone(),
        };
        let answer = connection.send(&request)?;
        let token = text(&answer.json()?, "access_token").with_context(|| answer.body.clone())?;
        writeln!(file, "{asker}&token={token}")?;
    }
    Ok(file.flush()?)
}

/// What an app authenticates with, out of its request for a token.
fn credentials(body: &str) -> Option<String> {
    let field =
        |name: &str| body.split('&').find(|field| field.split_once('=').is_some_and(|(n, _)| n == name));
    Some(format!("{}&{}", field("client_id")?, field("client_secret")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_asks_with_the_credentials_that_it_gets_tokens_with() {
        let body = "grant_type=client_credentials&client_id=tk_1&client_secret=s&scope=bench.es256";
        assert_eq!(credentials(body).unwrap(), "client_id=tk_1&client_secret=s");
        assert_eq!(credentials("grant_type=client_credentials&client_id=tk_1"), None);
    }

    #[test]
    fn options_are_numbers() {
        let parse = |text: &str| Options::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let expected = Options { tokens: 5, measured: Duration::from_secs(1) };
        assert_eq!(parse("--tokens 5 --seconds 1").unwrap(), expected);
        for wrong in ["--tokens", "--tokens 0", "--apps 1"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
