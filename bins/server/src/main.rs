//! The `turnkeep` executable: reads configuration, clock, randomness and files, and wires the crates together.
//! No rule lives here.

use std::process::ExitCode;

use crate::remote::flags::OutputFormat;
use crate::remote::outcome::{RemoteError, fault_document};

mod command_line;
mod commands;
mod configuration;
mod credentials_file;
mod help;
mod import_file;
mod logging;
mod master_key_file;
mod new_file;
mod open_authority;
mod open_files;
mod remote;
mod run_server;
mod system;
mod trace_export;

fn main() -> ExitCode {
    let line = help::parse();
    let format = line.remote.output.unwrap_or_default();
    let Err(error) = commands::run(line) else { return ExitCode::SUCCESS };
    if system::is_unheard() {
        return ExitCode::SUCCESS;
    }
    let remote = error.downcast_ref::<RemoteError>();
    match (format, remote) {
        (OutputFormat::Json, Some(remote)) => system::complain_to_programs(&remote.document()),
        (OutputFormat::Json, None) => {
            system::complain_to_programs(&fault_document(&system::in_one_line(&error)));
        }
        (OutputFormat::Table, Some(remote)) => system::complain_lines(&remote.lines()),
        (OutputFormat::Table, None) => system::complain(&error),
    }
    remote.map_or(ExitCode::FAILURE, |remote| ExitCode::from(remote.exit_code()))
}
