//! What can be typed after `turnkeep`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use turnkeep_domain::id::UserId;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_guard::resource::thresholds::GuardThresholds;

use crate::remote::flags::RemoteFlags;
use crate::remote::nouns::app::AppVerb;
use crate::remote::nouns::audit::AuditVerb;
use crate::remote::nouns::explain::Explain;
use crate::remote::nouns::export::Export;
use crate::remote::nouns::import::Import;
use crate::remote::nouns::instance::InstanceVerb;
use crate::remote::nouns::invitation::InvitationVerb;
use crate::remote::nouns::member::MemberVerb;
use crate::remote::nouns::operator::OperatorList;
use crate::remote::nouns::plan::PlanVerb;
use crate::remote::nouns::reference_token::ReferenceTokenVerb;
use crate::remote::nouns::region::RegionVerb;
use crate::remote::nouns::resource::ResourceVerb;
use crate::remote::nouns::review::Review;
use crate::remote::nouns::secret::SecretVerb;
use crate::remote::nouns::storage::StorageVerb;
use crate::remote::nouns::tenant::TenantVerb;
use crate::remote::nouns::token_requests::TokenRequests;
use crate::remote::nouns::usage::UsageVerb;
use crate::remote::nouns::user::UserVerb;
use crate::remote::nouns::whoami::WhoAmI;

/// Turnkeep: tokens for machines and trusted applications.
#[derive(Debug, Parser)]
#[command(name = "turnkeep", version, about, propagate_version = true, args_override_self = true)]
pub(crate) struct CommandLine {
    /// Which server, for the commands that go to one; they take these flags after the command, too.
    #[command(flatten)]
    pub(crate) remote: RemoteFlags,
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
    /// Let the operator in again; list, add and remove operators
    Operator(Noun<OperatorAction>),
    /// Look after signing keys and the master key
    Keys(Noun<KeysAction>),
    /// See what this machine can take, and when a server would turn requests away
    Guard(Noun<GuardAction>),
    /// Who am I, and what may I do
    Whoami(Direct<WhoAmI>),
    /// Register, change, stop and delete apps
    App(Noun<AppVerb>),
    /// Rotate and revoke the secrets of apps
    Secret(Noun<SecretVerb>),
    /// Make and revoke reference tokens (PAT, SAT)
    Token(Noun<ReferenceTokenVerb>),
    /// Why can an app, or can it not, get a token
    Explain(Direct<Explain>),
    /// S3-compatible storage of apps
    Storage(Noun<StorageVerb>),
    /// Tenants and their life
    Tenant(Noun<TenantVerb>),
    /// Who may do what in a tenant
    Member(Noun<MemberVerb>),
    /// Invite people to a tenant, and accept
    Invitation(Noun<InvitationVerb>),
    /// People and system users, and their management tokens
    User(Noun<UserVerb>),
    /// Plans and their limits
    Plan(Noun<PlanVerb>),
    /// License regions and their databases
    Region(Noun<RegionVerb>),
    /// Audiences, scopes and resource servers
    Resource(Noun<ResourceVerb>),
    /// Issuers with their own keys, users and tenants
    Instance(Noun<InstanceVerb>),
    /// What was done or refused, when and by whom
    Audit(Noun<AuditVerb>),
    /// Every app with its owners, scopes, last use and warnings
    Review(Direct<Review>),
    /// Which apps ask for more tokens than they need
    TokenRequests(Direct<TokenRequests>),
    /// What apps have used in Document Units
    Usage(Noun<UsageVerb>),
    /// Bring records in, as often as you like
    Import(Direct<Import>),
    /// Write the records to a document
    Export(Direct<Export>),
    /// Write the completions for a shell
    #[command(
        after_help = "Example:\n  turnkeep completions bash > ~/.local/share/bash-completion/completions/turnkeep"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// A noun with its verbs.
#[derive(Debug, Args)]
pub(crate) struct Noun<V: Subcommand> {
    /// Which server.
    #[command(flatten)]
    pub(crate) remote: RemoteFlags,
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: V,
}

/// A command without verbs.
#[derive(Debug, Args)]
pub(crate) struct Direct<A: Args> {
    /// With what.
    #[command(flatten)]
    pub(crate) arguments: A,
    /// Which server.
    #[command(flatten)]
    pub(crate) remote: RemoteFlags,
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
    /// At the server's files: undo whatever stops the operator's app, with a new secret; every older one is dead
    ///
    /// Its tenant is activated and the app enabled; it has the scope `turnkeep.operate` alone, acts as itself, and a
    /// plan that stops it is released from its hold or, if retired, taken away.
    Recover {
        /// Settings.
        #[command(flatten)]
        settings: Settings,
        /// Write the credentials to this new file instead of standard output
        #[arg(long, value_name = "FILE")]
        operator_credentials: Option<PathBuf>,
    },
    /// At the server's files: make a link with which the first person becomes an operator; it is shown once
    Link {
        /// Where the database is, and the server.
        #[command(flatten)]
        settings: ServerSettings,
    },
    /// List the people who operate the instance
    List(OperatorList),
    /// Make a user an operator of the instance
    Add {
        /// The user
        user: UserId,
    },
    /// Take that back
    Remove {
        /// The user
        user: UserId,
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
    },
    /// Change the signing key of an instance
    Rotate {
        /// Settings.
        #[command(flatten)]
        settings: Settings,
        /// Algorithm of the key [default: ES256; with --urgency compromised: every one that there is a key for]
        #[arg(long, value_name = "ALG", value_parser = parse_algorithm)]
        alg: Option<SigningAlgorithm>,
        /// Every instance, also disabled ones; only with --urgency compromised
        #[arg(long)]
        all_instances: bool,
        /// How badly
        #[arg(long, value_enum, default_value_t = Urgency::Planned)]
        urgency: Urgency,
    },
    /// After a new master key was put on the first line: bring everything under it, so that older ones can go
    Reseal {
        /// Settings.
        #[command(flatten)]
        settings: Settings,
    },
    /// Write a new master key to a new file
    NewMasterKey {
        /// File to write; it must not exist
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// `guard …`.
#[derive(Debug, Subcommand)]
pub(crate) enum GuardAction {
    /// Write down for a while what this machine is like, four times a second
    #[command(after_help = "Example:\n  turnkeep guard record --seconds 60 --out busy-hour.jsonl")]
    Record {
        /// For how long
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=86_400))]
        seconds: u32,
        /// File to write; it must not exist [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Replay a recording: when would a server have slowed, deferred or rejected requests, and why
    ///
    /// Recordings are made by `turnkeep guard record`, and by servers that are told to.
    #[command(
        after_help = "Example:\n  turnkeep guard simulate busy-hour.jsonl --thresholds 'cpu_pressure=40/60/80, hold_seconds=5'"
    )]
    Simulate {
        /// The recording
        #[arg(value_name = "FILE")]
        recording: PathBuf,
        /// What differs from the default: `SIGNAL=SLOW/DEFER/REJECT@RELEASE`, separated by commas
        #[arg(long, value_name = "TEXT", value_parser = parse_thresholds, default_value = "", hide_default_value = true)]
        thresholds: Box<GuardThresholds>,
    },
}

/// How badly a key has to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Urgency {
    /// Publish the next key now, use it when the command is given again after the lead
    Planned,
    /// Use a new key at once; tokens of the old one live on
    AtOnce,
    /// Use new keys at once and drop all others, of every algorithm unless --alg names one: tokens they signed are
    /// dead
    Compromised,
}

/// A slug, for clap.
pub(crate) fn parse_slug(text: &str) -> Result<Slug, String> {
    Slug::parse(text).map_err(|error| error.to_string())
}

fn parse_thresholds(text: &str) -> Result<Box<GuardThresholds>, String> {
    let mut thresholds = Box::<GuardThresholds>::default();
    thresholds.set(text).map(|()| thresholds).map_err(|error| error.to_string())
}

fn parse_algorithm(text: &str) -> Result<SigningAlgorithm, String> {
    text.parse().map_err(|error| format!("{error}"))
}
