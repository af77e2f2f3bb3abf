//! The command line as clap sees it, with its commands in groups.

use std::fmt::Write;

use clap::{Args, Command, CommandFactory, FromArgMatches, Id};

use crate::command_line::CommandLine;
use crate::remote::flags::RemoteFlags;

/// The commands as the help lists them.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Run a server", &["serve", "demo", "migrate", "keys", "guard", "operator"]),
    ("Apps", &["app", "secret", "token", "explain", "storage"]),
    ("Tenants and people", &["tenant", "member", "invitation", "user", "whoami"]),
    ("Registry", &["plan", "region", "resource", "instance"]),
    ("Oversight", &["audit", "review", "usage", "token-requests", "import", "export", "completions"]),
];

const EXAMPLES: &str = "\
Examples:
  turnkeep demo
  turnkeep --server https://id.example.com app list
  turnkeep app create --server https://id.example.com --tenant ten_… --name Invoices --region eu-west

`turnkeep COMMAND --help` tells more. Exit codes: 0 done, 1 fault, 2 usage, 3 refused, 4 not found,
5 not authenticated, 6 server unreachable or busy, 7 stale version, 8 not confirmed, 9 verification failed.";

/// Reads the arguments of the process; ends it if they make no sense.
pub(crate) fn parse() -> CommandLine {
    let matches = command().get_matches();
    CommandLine::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The whole command line.
pub(crate) fn command() -> Command {
    let command = CommandLine::command().after_help(EXAMPLES);
    let template = format!(
        "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{}Options:\n{{options}}\n\n{{after-help}}",
        groups(&command)
    );
    let server: Vec<Id> = RemoteFlags::augment_args(Command::new(""))
        .get_arguments()
        .map(|flag| flag.get_id().clone())
        .collect();
    // What can be said before the command can be said after it, where the command has a use for it.
    command
        .mut_subcommands(|noun| {
            noun.mut_args(|flag| {
                let of_server = server.contains(flag.get_id());
                flag.global(of_server)
            })
        })
        .help_template(template)
}

fn groups(command: &Command) -> String {
    let mut text = String::new();
    for (heading, names) in GROUPS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{heading}:");
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let _ = writeln!(text, "  {name:<12} {}", about.map(ToString::to_string).unwrap_or_default());
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn clap_finds_nothing_wrong_with_the_definitions() {
        command().debug_assert();
    }

    #[test]
    fn every_command_is_in_one_group() {
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let command = CommandLine::command();
        let defined: BTreeSet<&str> = command.get_subcommands().map(Command::get_name).collect();
        assert_eq!(grouped.iter().copied().collect::<BTreeSet<_>>(), defined);
        assert_eq!(grouped.len(), defined.len());
    }

    #[test]
    fn flags_of_the_server_can_stand_anywhere_and_the_last_one_counts() {
        let server = |line: &str| {
            let matches = command().try_get_matches_from(line.split(' ')).map_err(|error| error.to_string());
            let line = CommandLine::from_arg_matches(&matches.unwrap()).unwrap();
            match line.command {
                crate::command_line::Command::App(noun) => (noun.remote.server, noun.remote.yes),
                other => panic!("{other:?}"),
            }
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(server("turnkeep --server a app list"), (some("a"), false));
        assert_eq!(server("turnkeep app --server a list"), (some("a"), false));
        assert_eq!(server("turnkeep app list --server a -y"), (some("a"), true));
        assert_eq!(server("turnkeep --yes --server a app list --server b"), (some("b"), true));
        assert_eq!(
            server("turnkeep --server a app plan release app_00000000000000000000000000").0,
            some("a")
        );
        assert_eq!(server("turnkeep app list"), (None, false));
    }
}
