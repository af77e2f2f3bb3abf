//! Load that is more than a server can answer: groups of clients, each with requests that are due whether or not the
//! server keeps up, and what became of them. Refusals are counted here; nothing ends the run but a wrong answer.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crowd::Crowd;
use group::Group;
use tally::GroupFigures;

mod client;
mod crowd;
mod group;
mod request;
mod tally;

/// Whom to ask, and who asks.
#[derive(Debug, Args)]
pub(crate) struct OverloadOptions {
    /// Whom to ask
    #[arg(long, value_name = "ADDR:PORT")]
    address: SocketAddr,
    /// What to ask for
    #[arg(long, value_name = "PATH")]
    path: String,
    /// To be added to each body
    #[arg(long, value_name = "TEXT", default_value = "")]
    suffix: String,
    /// What every success must contain
    #[arg(long, value_name = "TEXT", default_value = "")]
    expect: String,
    /// Clients that ask alike, such as
    /// `name=noisy,asks=own:bodies.txt,connections=100,rate=500,seconds=15`
    #[arg(long = "group", value_name = "TEXT", required = true, value_parser = Group::parse)]
    groups: Vec<Group>,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Figures {
    /// How much of the time there was nothing to do: with too little of it, latencies are the generator's own.
    idle_percent: f64,
    groups: Vec<GroupFigures>,
}

/// Runs until the last request of the last group is answered or given up, and prints the figures as JSON.
pub(crate) fn run(options: &OverloadOptions) -> anyhow::Result<()> {
    let crowd = Crowd::gather(options)?;
    let figures = crowd.run(Duration::from_secs(5))?;
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&figures)?)?)
}
