//! The executable `turnkeep-bench`, which `cargo xtask bench` measures the server with: it fills a database for
//! the real server, and serves the same apps by a bare prototype to compare with. Nothing here is for use.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

mod data_folder;
mod fleet;
mod prototype;
mod seed;
mod system;

/// Measures Turnkeep.
#[derive(Debug, Parser)]
enum CommandLine {
    /// Fill a new database with apps, and write a request body for each
    Seed {
        /// New folder for the database, the master key and the bodies
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// How many apps
        #[arg(long, value_name = "N")]
        apps: u32,
    },
    /// Serve the apps of a filled database from memory, with nothing but what a token cannot do without
    Prototype {
        /// The folder that `seed` filled
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Where to listen
        #[arg(long, value_name = "ADDR:PORT")]
        listen: SocketAddr,
    },
}

fn main() -> anyhow::Result<()> {
    match CommandLine::parse() {
        CommandLine::Seed { data, apps } => seed::run(&data, apps),
        CommandLine::Prototype { data, listen } => prototype::run(&data, listen),
    }
}
