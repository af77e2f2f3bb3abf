//! The flags that every command to a server understands, before or after the command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use turnkeep_domain::slug::Slug;

use crate::command_line::parse_slug;

/// Which server, as whom, and how to show what it says.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct RemoteFlags {
    /// Server to administer [variable: TURNKEEP_SERVER]
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Instance, if not the default one
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    pub(crate) instance: Option<Slug>,
    /// How to show answers
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<OutputFormat>,
    /// Do not ask before something is taken away
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// File with an access or management token [variable: TURNKEEP_TOKEN]
    ///
    /// The token itself can be in the variable. Tokens and secrets are never arguments: others could see them.
    #[arg(long, value_name = "FILE", conflicts_with = "credentials", hide_short_help = true)]
    pub(crate) token_file: Option<PathBuf>,
    /// File with client_id and client_secret [variables: TURNKEEP_CLIENT_ID, TURNKEEP_CLIENT_SECRET(_FILE)]
    ///
    /// JSON, as `turnkeep serve --operator-credentials` writes it; a token is got with them.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) credentials: Option<PathBuf>,
    /// Instance that the credentials belong to, if not the default one
    #[arg(long, value_name = "SLUG", value_parser = parse_slug, hide_short_help = true)]
    pub(crate) credentials_instance: Option<Slug>,
    /// Send credentials to another computer without TLS
    #[arg(long, hide_short_help = true)]
    pub(crate) allow_http: bool,
}

impl RemoteFlags {
    /// The first flag that was given, for a command that has no use for them.
    pub(crate) fn first_given(&self) -> Option<&'static str> {
        [
            ("--server", self.server.is_some()),
            ("--instance", self.instance.is_some()),
            ("--output", self.output.is_some()),
            ("--yes", self.yes),
            ("--token-file", self.token_file.is_some()),
            ("--credentials", self.credentials.is_some()),
            ("--credentials-instance", self.credentials_instance.is_some()),
            ("--allow-http", self.allow_http),
        ]
        .into_iter()
        .find_map(|(name, given)| given.then_some(name))
    }

    /// The same, for a command that knows instances and outputs, and works on the server's own database only.
    pub(crate) fn first_for_a_server(&self) -> Option<&'static str> {
        let here = Self { instance: None, output: None, yes: false, ..self.clone() };
        here.first_given()
    }
}

/// How answers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Aligned, for people
    #[default]
    Table,
    /// The API's JSON as it is, for programs
    Json,
}
