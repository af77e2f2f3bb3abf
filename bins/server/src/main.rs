//! The `turnkeep` executable: reads configuration, clock, randomness and files, and wires the crates together.
//! No rule lives here.

use std::process::ExitCode;

use crate::remote::outcome::RemoteError;

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
mod remote;
mod run_server;
mod storage_probe;
mod system;

fn main() -> ExitCode {
    let line = help::parse();
    let Err(error) = commands::run(line) else { return ExitCode::SUCCESS };
    match error.downcast_ref::<RemoteError>() {
        Some(remote) => {
            system::complain_lines(&remote.lines());
            ExitCode::from(remote.exit_code())
        }
        None => {
            system::complain(&error);
            ExitCode::FAILURE
        }
    }
}
