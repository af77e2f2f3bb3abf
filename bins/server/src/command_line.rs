//! What can be typed after `turnkeep`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;

/// Turnkeep: tokens for machines and trusted applications.
#[derive(Debug, Parser)]
#[command(name = "turnkeep", version, about, propagate_version = true, args_override_self = true)]
pub(crate) struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server
    Serve(ServeArguments),
    /// Run a server on loopback with a demo tenant and app, ready to try
    Demo(DemoArguments),
    /// Bring the database to the schema of this version
    Migrate(MigrateArguments),
    /// Let the operator in again
    Operator {
        /// What to do.
        #[command(subcommand)]
        action: OperatorAction,
    },
    /// Look after signing keys and the master key
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        action: KeysAction,
    },
}

/// Settings that every command which opens the database understands. Each can also be set in the configuration
/// file and by an environment variable (see `docs/configuration.md`); flags win over variables over the file.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Settings {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder for everything the server keeps in files
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<String>,
    /// Database: a path or sqlite:PATH, or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// File with the master key
    #[arg(long, value_name = "FILE")]
    pub(crate) master_key_file: Option<String>,
}

/// Settings of a running server.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ServerSettings {
    /// Settings that other commands have as well.
    #[command(flatten)]
    pub(crate) common: Settings,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Option<String>,
    /// URL under which clients reach the server; the issuer of the default instance
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
}

/// `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Settings.
    #[command(flatten)]
    pub(crate) settings: ServerSettings,
    /// At the first start, write the operator's credentials to this new file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) operator_credentials: Option<PathBuf>,
}

/// `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Settings.
    #[command(flatten)]
    pub(crate) settings: ServerSettings,
    /// Write addresses, ids and credentials to this file as JSON once the server accepts requests
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `migrate`.
#[derive(Debug, Args)]
pub(crate) struct MigrateArguments {
    /// Settings.
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Change nothing; exit with an error if there is something to do
    #[arg(long)]
    pub(crate) check: bool,
}

/// `operator …`.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorAction {
    /// Enable the operator's app and give it a new secret; every older one is dead
    Recover {
        /// Settings.
        #[command(flatten)]
        settings: Settings,
        /// Write the credentials to this new file instead of standard output
        #[arg(long, value_name = "FILE")]
        operator_credentials: Option<PathBuf>,
    },
}

/// `keys …`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysAction {
    /// List the published signing keys of an instance
    List {
        /// Settings.
        #[command(flatten)]
        settings: Settings,
        /// Slug of the instance
        #[arg(long, default_value = "default", value_parser = parse_slug)]
        instance: Slug,
    },
    /// Change the signing key of an instance
    Rotate {
        /// Settings.
        #[command(flatten)]
        settings: Settings,
        /// Slug of the instance
        #[arg(long, default_value = "default", value_parser = parse_slug)]
        instance: Slug,
        /// Algorithm of the key
        #[arg(long, default_value = "ES256", value_name = "ALG", value_parser = parse_algorithm)]
        alg: SigningAlgorithm,
        /// How badly
        #[arg(long, value_enum, default_value_t = Urgency::Planned)]
        urgency: Urgency,
    },
    /// Write a new master key to a new file
    NewMasterKey {
        /// File to write; it must not exist
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// How badly a key has to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Urgency {
    /// Publish the next key now, use it when the command is given again after the lead
    Planned,
    /// Use a new key at once; tokens of the old one live on
    AtOnce,
    /// Use a new key at once and drop every other: tokens they signed are dead
    Compromised,
}

fn parse_slug(text: &str) -> Result<Slug, String> {
    Slug::parse(text).map_err(|error| error.to_string())
}

fn parse_algorithm(text: &str) -> Result<SigningAlgorithm, String> {
    text.parse().map_err(|error| format!("{error}"))
}
