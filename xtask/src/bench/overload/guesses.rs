//! Wrong secrets of one app from as many addresses, while the app goes on asking from its own, with the limits that
//! a server has by default.

use anyhow::Context;

use super::super::Bench;
use super::super::lane::{Algorithm, Lane, Subject};
use super::Options;
use super::crowd::{Asks, Crowd, Group};
use super::table;

/// Wrong secrets in a second.
const RATE: u32 = 1_000;
/// What the app itself asks for in a second.
const OWN_RATE: u32 = 8;

pub(super) fn run(bench: &Bench, options: &Options) -> anyhow::Result<()> {
    let fleet = bench.seed(100, 1)?;
    let lane = Lane::Token(Algorithm::Es256);
    let server = bench.start_limited(Subject::Server, &fleet, &[("TRUSTED_PROXIES", "127.0.0.1")])?;
    lane.check_answer(&server, &fleet)?;
    let forms = fleet.forms(lane).context("a token takes a form")?;
    let bodies = forms.read()?;
    let client_id = bodies.first().and_then(|body| client_id(body)).context("there is no request body")?;
    let seconds = u64::from(options.guesses.div_ceil(RATE));
    let addresses = options.guesses.min(1 << 16);
    let wrong = Group {
        name: "wrong",
        asks: Asks::Wrong(client_id),
        connections: 64,
        rate: Some(RATE.min(options.guesses)),
        from: 0,
        seconds,
        warm_up: 0,
        addresses: Some((addresses, 2)),
    };
    let own = Group {
        name: "own",
        asks: Asks::Own(&forms.file, 1),
        connections: 4,
        rate: Some(OWN_RATE),
        addresses: Some((1, 1)),
        ..wrong
    };
    let figures = Crowd::before(bench, &server, lane).with(&wrong).with(&own).ask()?;
    table::head(&format!(
        "guesses: {} wrong secrets of one app from {addresses} addresses; default limits",
        options.guesses
    ));
    let (wrong, own) = (figures.of("wrong")?, figures.of("own")?);
    table::line("wrong secrets (401 counts as failed)", wrong);
    table::line("the app from its own address", own);
    println!(
        "wrong secrets were answered {:?}; {} of the app's own {} requests were refused or failed (wanted: none)",
        wrong.total.statuses,
        own.total.refused() + own.total.failed(),
        own.offered
    );
    Ok(())
}

/// Whose a request body is.
fn client_id(body: &str) -> Option<&str> {
    let mut fields = body.split('&').filter_map(|field| field.split_once('='));
    fields.find(|(name, _)| *name == "client_id").map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_body_says_whose_it_is() {
        assert_eq!(client_id("grant_type=client_credentials&client_id=tk_1&client_secret=s"), Some("tk_1"));
        assert_eq!(client_id("grant_type=client_credentials"), None);
    }
}
