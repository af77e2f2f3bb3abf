//! The `turnkeep` executable: reads configuration, clock, randomness and files, and wires the crates together.
//! No rule lives here.

use std::process::ExitCode;

use clap::Parser;

mod command_line;
mod commands;
mod configuration;
mod credentials_file;
mod logging;
mod master_key_file;
mod open_authority;
mod run_server;
mod system;

fn main() -> ExitCode {
    let line = command_line::CommandLine::parse();
    match commands::run(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            system::complain(&error);
            ExitCode::FAILURE
        }
    }
}
