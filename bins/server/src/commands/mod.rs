//! One file for each command.

use crate::command_line::{Command, CommandLine, Direct, Noun};
use crate::remote::flags::RemoteFlags;
use crate::remote::outcome::RemoteError;
use crate::remote::session::{RemoteCommand, Session};

mod audit;
mod completions;
mod demo;
mod demo_address;
mod demo_records;
mod explain;
mod export;
mod guard;
mod import;
mod keys;
mod migrate;
mod operator;
mod rotate_keys;
mod serve;
mod user;

/// Does what was asked for.
pub(crate) fn run(line: CommandLine) -> anyhow::Result<()> {
    let CommandLine { remote, command } = line;
    match command {
        Command::Serve(arguments) => no_server(&remote).and_then(|()| serve::run(&arguments)),
        Command::Demo(arguments) => no_server(&remote).and_then(|()| demo::run(&arguments)),
        Command::Migrate(arguments) => no_server(&remote).and_then(|()| migrate::run(&arguments)),
        Command::Guard(noun) => guard::run(&noun),
        Command::Keys(noun) => keys::run(&noun.remote, &noun.verb),
        Command::Completions { shell } => no_server(&remote).map(|()| completions::run(shell)),
        Command::Operator(noun) => operator::run(noun),
        Command::App(noun) => noun_at_server(noun),
        Command::Secret(noun) => noun_at_server(noun),
        Command::Token(noun) => noun_at_server(noun),
        Command::Storage(noun) => noun_at_server(noun),
        Command::Tenant(noun) => noun_at_server(noun),
        Command::Member(noun) => noun_at_server(noun),
        Command::Invitation(noun) => noun_at_server(noun),
        Command::User(noun) => user::run(noun),
        Command::Plan(noun) => noun_at_server(noun),
        Command::Region(noun) => noun_at_server(noun),
        Command::Resource(noun) => noun_at_server(noun),
        Command::Instance(noun) => noun_at_server(noun),
        Command::Audit(noun) => audit::run(noun),
        Command::Whoami(Direct { remote, arguments }) => at_server(&remote, arguments),
        Command::Explain(direct) => explain::run(direct),
        Command::Review(Direct { remote, arguments }) => at_server(&remote, arguments),
        Command::TokenRequests(Direct { remote, arguments }) => at_server(&remote, arguments),
        Command::Usage(noun) => noun_at_server(noun),
        Command::Import(direct) => import::run(direct),
        Command::Export(direct) => export::run(direct),
    }
}

fn noun_at_server<V: clap::Subcommand + RemoteCommand>(noun: Noun<V>) -> anyhow::Result<()> {
    at_server(&noun.remote, noun.verb)
}

/// Gives a command to the server that flags or environment name.
fn at_server(remote: &RemoteFlags, command: impl RemoteCommand) -> anyhow::Result<()> {
    match Session::open(remote)? {
        Some(session) => Ok(command.run(&session)?),
        None => Err(RemoteError::NoServer.into()),
    }
}

/// Refuses flags that a command would silently ignore.
fn no_server(remote: &RemoteFlags) -> anyhow::Result<()> {
    refuse(remote.first_given())
}

/// Refuses flags of a connection, which a command to the database would silently ignore.
fn no_connection(remote: &RemoteFlags) -> anyhow::Result<()> {
    refuse(remote.first_for_a_server())
}

fn refuse(flag: Option<&'static str>) -> anyhow::Result<()> {
    match flag {
        Some(flag) => {
            let message =
                format!("{flag} is for commands to a server; this one works on the server's own files");
            Err(RemoteError::Usage(message).into())
        }
        None => Ok(()),
    }
}
