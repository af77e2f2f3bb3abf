//! `turnkeep user`.

use std::path::PathBuf;

use clap::Subcommand;
use turnkeep_domain::id::{TenantId, UserId};

use crate::command_line::{ServerSettings, Settings};
use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::nouns::duration::parse_seconds;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::secret_once::{SecretFlags, show_once};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const KINDS: [&str; 3] = ["internal", "community", "system"];

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("DISPLAY NAME", "display_name"),
    ("EMAIL", "email"),
    ("KIND", "kind"),
    ("STATE", "state"),
    ("CREATED", "created_at"),
];

const TOKEN_COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("TENANT ID", "tenant_id"),
    ("STATE", "state"),
    ("CREATED", "created_at"),
    ("EXPIRES", "expires_at"),
];

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub(crate) enum UserVerb {
    /// List users
    List {
        /// Only with this in their user name or display name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only of this kind
        #[arg(long, value_parser = KINDS)]
        kind: Option<String>,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["active", "disabled"])]
        state: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show a user
    Show {
        /// The user
        user: UserId,
    },
    /// Make a user; apps can act as a system user, the others are people
    Create {
        /// What kind of user
        #[arg(long, value_parser = KINDS)]
        kind: String,
        /// User name, unique in the instance
        #[arg(long)]
        name: String,
        /// Name for people
        #[arg(long)]
        display_name: String,
        /// Where mail reaches them
        #[arg(long)]
        email: Option<String>,
    },
    /// Change a user
    Update {
        /// The user
        user: UserId,
        /// Name for people
        #[arg(long)]
        display_name: Option<String>,
        /// Where mail reaches them
        #[arg(long, conflicts_with = "no_email")]
        email: Option<String>,
        /// Take the e-mail address away
        #[arg(long)]
        no_email: bool,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Let a user in again
    Enable {
        /// The user
        user: UserId,
    },
    /// Lock a user out; apps that act as it get no tokens
    Disable {
        /// The user
        user: UserId,
    },
    /// At the server's files: set the password of a person; all of their sessions end
    ///
    /// It is asked for, or read from a file: what is typed as an argument can be seen by every user of a computer.
    #[command(after_help = "Example:\n  turnkeep user set-password ada --password-file new.password")]
    SetPassword {
        /// The user name
        name: String,
        /// File with the password on its first line, or - for standard input
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// Where the database is.
        #[command(flatten)]
        settings: Settings,
    },
    /// At the server's files: make a link with which a person chooses a password; it is shown once
    #[command(after_help = "Example:\n  turnkeep user link ada --base-url https://id.example.com")]
    Link {
        /// The user name
        name: String,
        /// Where the database is, and the server.
        #[command(flatten)]
        settings: ServerSettings,
    },
    /// Invite a person to choose a password: by mail where they have an address; the link is shown once
    #[command(after_help = "Example:\n  turnkeep user invite usr_…")]
    Invite {
        /// The user
        user: UserId,
        /// Where the link goes.
        #[command(flatten)]
        secret: SecretFlags,
    },
    /// End every session of a person, and all that apps were granted by them
    SignOut {
        /// The user
        user: UserId,
    },
    /// Issue a management token to a person; it is shown once
    #[command(
        after_help = "Example:\n  turnkeep user token usr_… --tenant ten_… --lifetime 8h --secret-out mine.token"
    )]
    Token {
        /// The user
        user: UserId,
        /// The tenant that the token is for; none if absent
        #[arg(long)]
        tenant: Option<TenantId>,
        /// How long it lives, at most 12h
        #[arg(long, value_name = "DURATION", value_parser = parse_seconds)]
        lifetime: Option<u64>,
        /// Where the token goes.
        #[command(flatten)]
        secret: SecretFlags,
        /// Where the database is, without a server.
        #[command(flatten)]
        settings: Settings,
    },
    /// List a user's management tokens; never the tokens themselves
    Tokens {
        /// The user
        user: UserId,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["live", "expired", "revoked"])]
        state: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Revoke a management token
    RevokeToken {
        /// The user
        user: UserId,
        /// The token's id
        token: String,
    },
}

impl RemoteCommand for UserVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { search, kind, state, list: flags } => {
                let call =
                    Call::get(&[&"users"]).query("search", search).query("kind", kind).query("state", state);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Show { user } => session.show(&Call::get(&[&"users", &user]), ""),
            Self::Create { kind, name, display_name, email } => {
                let body = Fields::default()
                    .with("kind", Some(kind))
                    .with("name", Some(name))
                    .with("display_name", Some(display_name))
                    .with("email", email);
                session.show(&Call::post(&[&"users"]).body(&body.body()), "")
            }
            Self::Update { user, display_name, email, no_email, if_version } => {
                let cleared: &[String] = if no_email { &["email".to_owned()] } else { &[] };
                let fields = Fields::default().with("display_name", display_name).with("email", email);
                let body = fields.with_nulls(cleared).change()?;
                session.show(&Call::patch(&[&"users", &user]).body(&body).if_version(if_version), "")
            }
            Self::Enable { user } => session.show(&Call::post(&[&"users", &user, &"enable"]), ""),
            Self::Disable { user } => {
                let read = Call::get(&[&"users", &user]);
                let call = Call::post(&[&"users", &user, &"disable"]);
                session.take_away("disable", "user", Subject::Record(&read), &call)
            }
            Self::SignOut { user } => {
                let read = Call::get(&[&"users", &user]);
                let call = Call::post(&[&"users", &user, &"sign-out"]);
                session.take_away("sign out", "user", Subject::Record(&read), &call)
            }
            Self::Invite { user, secret } => {
                let call = Call::post(&[&"users", &user, &"welcome"]);
                show_once(session, &call, "link", &secret)
            }
            Self::Token { user, tenant, lifetime, secret, settings: _ } => {
                let body = Fields::default()
                    .with("tenant_id", tenant.map(|id| id.to_string()))
                    .with("lifetime_seconds", lifetime);
                let call = Call::post(&[&"users", &user, &"tokens"]).body(&body.body());
                show_once(session, &call, "token", &secret)
            }
            Self::SetPassword { .. } | Self::Link { .. } => Err(RemoteError::Usage(
                "this works on the server's own files: leave the server out".to_owned(),
            )),
            Self::Tokens { user, state, list: flags } => {
                let call = Call::get(&[&"users", &user, &"tokens"]).query("state", state);
                list(session, &call, &flags, TOKEN_COLUMNS)
            }
            Self::RevokeToken { user, token } => {
                let call = Call::delete(&[&"users", &user, &"tokens", &token]);
                let subject = Subject::Described(format!("{token} of user {user}"));
                session.take_away("revoke", "token", subject, &call)
            }
        }
    }
}
