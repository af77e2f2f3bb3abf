//! `turnkeep guard`: what the resource guard sees on this machine, and what it would make of it. No server is asked.

use crate::command_line::{GuardAction, Noun};
use crate::commands::no_server;
use crate::remote::flags::RemoteFlags;
use crate::remote::output::Screen;

mod record;
mod simulate;

/// Runs one of the actions.
pub(crate) fn run(noun: &Noun<GuardAction>) -> anyhow::Result<()> {
    match &noun.verb {
        GuardAction::Record { seconds, out } => {
            no_server(&noun.remote)?;
            record::record(*seconds, out.as_deref())
        }
        GuardAction::Simulate { recording, thresholds } => {
            no_server(&RemoteFlags { output: None, ..noun.remote.clone() })?;
            let screen = Screen { format: noun.remote.output.unwrap_or_default() };
            Ok(simulate::simulate(recording, **thresholds, screen)?)
        }
    }
}
