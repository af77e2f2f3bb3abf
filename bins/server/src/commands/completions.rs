//! `turnkeep completions`.

use clap_complete::{Shell, generate};

use crate::help;
use crate::system::say_exactly;

/// Writes the completions for a shell to standard output.
pub(crate) fn run(shell: Shell) {
    let mut script = Vec::new();
    generate(shell, &mut help::command(), "turnkeep", &mut script);
    say_exactly(&script);
}
