//! A load generator for what wrk cannot do: requests at a constant rate, whose latency counts from the moment each
//! was due, and a pass that sends every request exactly once. It says nothing of any answer but that it was right.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use generator::Generator;
use requests::Requests;
use schedule::Schedule;

mod connection;
mod generator;
mod latencies;
mod requests;
mod schedule;

/// What to ask, and how.
#[derive(Debug, Args)]
pub(crate) struct LoadOptions {
    /// Whom to ask
    #[arg(long, value_name = "ADDR:PORT")]
    address: SocketAddr,
    /// What to ask for
    #[arg(long, value_name = "PATH")]
    path: String,
    /// A file with a form per line to post; without it, GET without a body
    #[arg(long, value_name = "FILE")]
    bodies: Option<PathBuf>,
    /// To be added to each of them
    #[arg(long, value_name = "TEXT", default_value = "", requires = "bodies")]
    suffix: String,
    /// How many of them to use, from the first on
    #[arg(long, value_name = "N", requires = "bodies")]
    most: Option<usize>,
    /// What every answer must contain
    #[arg(long, value_name = "TEXT")]
    expect: Option<String>,
    /// How many connections
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    #[command(subcommand)]
    pace: Pace,
}

/// When requests are sent.
#[derive(Debug, Clone, Copy, Subcommand)]
enum Pace {
    /// At a constant rate, whether or not earlier requests were answered, as far as there are connections
    Rate {
        /// Requests in a second
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        per_second: u32,
        /// How long to measure
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
        /// How long to run before
        #[arg(long, value_name = "N", default_value_t = 0)]
        warm_up_seconds: u32,
    },
    /// Every request once, as fast as the answers come
    Once,
}

/// Runs, and prints a line of figures. Any answer but the right one is an error: it would be measured as a fast one.
pub(crate) fn run(options: &LoadOptions) -> anyhow::Result<()> {
    let requests = Requests::read(options)?;
    let schedule = match options.pace {
        Pace::Rate { per_second, seconds, warm_up_seconds } => {
            Schedule::at_rate(per_second, seconds, warm_up_seconds)?
        }
        Pace::Once => Schedule::once(requests.len()?),
    };
    let expected = options.expect.clone().unwrap_or_default().into_bytes();
    let figures =
        Generator::connect(options.address, options.connections, requests, expected)?.run(&schedule)?;
    Ok(writeln!(std::io::stdout(), "{figures}")?)
}
