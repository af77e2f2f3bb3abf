//! The executable `turnkeep-bench`, which `cargo xtask bench` measures the server with: it fills a database for
//! the real server, serves the same apps by a bare prototype to compare with, and makes load at a constant rate.
//! Nothing here is for use.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser};
use data_folder::DataFolder;
use load::LoadOptions;
use overload::OverloadOptions;

mod answer;
mod data_folder;
mod fleet;
mod load;
mod overload;
mod prototype;
mod seed;

/// Measures Turnkeep.
#[derive(Debug, Parser)]
enum CommandLine {
    /// Fill a new database with apps, and write a request body for each
    Seed {
        /// New folder for the database, the master key and the bodies
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// What to fill it with
        #[command(flatten)]
        extent: Extent,
        /// An empty database; without it, a SQLite file in the folder
        #[arg(long, env = "TURNKEEP_DATABASE", value_name = "URL", hide_env_values = true)]
        database: Option<String>,
    },
    /// Serve the apps of a filled database from memory, with nothing but what a token cannot do without
    Prototype {
        /// The folder that `seed` filled
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// How many of them, from the first in its request bodies on
        #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
        most: usize,
        /// Where to listen
        #[arg(long, value_name = "ADDR:PORT")]
        listen: SocketAddr,
    },
    /// Ask a server over and over, and print how long the answers took
    Load(LoadOptions),
    /// Ask for more than a server can answer, and print what became of it as JSON
    Overload(OverloadOptions),
    /// Print how long one check of a secret by scrypt takes
    Scrypt,
}

/// How much is in a filled database.
#[derive(Debug, Args)]
struct Extent {
    /// How many apps
    #[arg(long, value_name = "N")]
    apps: u32,
    /// How many of them a tenant has
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    apps_per_tenant: u32,
    /// Write the bodies tenant by tenant, instead of spread over the whole database
    #[arg(long)]
    in_order: bool,
    /// Disable one in so many; all are enabled if it is 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    disable_each: u32,
}

fn main() -> anyhow::Result<()> {
    match CommandLine::parse() {
        CommandLine::Seed { data, extent, database } => {
            seed::run(&DataFolder::create(&data, database.as_deref())?, &extent)
        }
        CommandLine::Prototype { data, most, listen } => prototype::run(&data, most, listen),
        CommandLine::Load(options) => load::run(&options),
        CommandLine::Overload(options) => overload::run(&options),
        CommandLine::Scrypt => fleet::time_scrypt(),
    }
}
