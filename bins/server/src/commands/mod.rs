//! One file for each command.

use crate::command_line::{Command, CommandLine};

mod demo;
mod demo_records;
mod keys;
mod migrate;
mod operator;
mod serve;

/// Does what was asked for.
pub(crate) fn run(line: CommandLine) -> anyhow::Result<()> {
    match line.command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Operator { action } => operator::run(&action),
        Command::Keys { action } => keys::run(&action),
    }
}
