//! `turnkeep secret`.

use clap::Subcommand;
use turnkeep_domain::id::{AppId, SecretId};

use crate::remote::call::Call;
use crate::remote::confirm::{Subject, confirm};
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::nouns::duration::parse_seconds;
use crate::remote::outcome::RemoteResult;
use crate::remote::secret_once::{SecretFlags, show_once};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("HINT", "hint"),
    ("STATE", "state"),
    ("CREATED", "created_at"),
    ("EXPIRES", "expires_at"),
    ("LAST USED", "last_used_at"),
    ("REVOKED", "revoked_at"),
];

/// What can be done with the secrets of an app.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretVerb {
    /// List an app's secrets, newest first; never the secrets themselves
    List {
        /// The app
        app: AppId,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["live", "expired", "revoked"])]
        state: Option<String>,
    },
    /// Add a second secret while the first goes on for a while
    #[command(after_help = "Example:\n  turnkeep secret add app_… --overlap 7d --secret-out new.secret")]
    Add {
        /// The app
        app: AppId,
        /// How long the first secret goes on, 1m to 30d
        #[arg(long, value_name = "DURATION", value_parser = parse_seconds)]
        overlap: u64,
        /// Where the secret goes.
        #[command(flatten)]
        secret: SecretFlags,
    },
    /// Make one new secret; every older one and all tokens are dead
    Regenerate {
        /// The app
        app: AppId,
        /// Where the secret goes.
        #[command(flatten)]
        secret: SecretFlags,
    },
    /// Revoke a secret at once, with all tokens of the app
    Revoke {
        /// The app
        app: AppId,
        /// The secret
        secret: SecretId,
    },
    /// Revoke every secret but one, with all tokens of the app
    RevokeOthers {
        /// The app
        app: AppId,
        /// The secret that stays
        secret: SecretId,
    },
}

impl RemoteCommand for SecretVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { app, state } => {
                let call = Call::get(&[&"apps", &app, &"secrets"]).query("state", state);
                list(session, &call, &ListFlags::whole(), COLUMNS)
            }
            Self::Add { app, overlap, secret } => {
                let body = Fields::default().with("overlap_seconds", Some(overlap)).body();
                let call = Call::post(&[&"apps", &app, &"secrets"]).body(&body);
                show_once(session, &call, "client_secret", &secret)
            }
            Self::Regenerate { app, secret } => {
                let read = Call::get(&[&"apps", &app]);
                confirm(session, "regenerate", "secret of app", Subject::Record(&read))?;
                let call = Call::post(&[&"apps", &app, &"secrets", &"regenerate"]);
                show_once(session, &call, "client_secret", &secret)
            }
            Self::Revoke { app, secret } => {
                let call = Call::delete(&[&"apps", &app, &"secrets", &secret]);
                let subject = Subject::Described(format!("{secret} of app {app}"));
                session.take_away("revoke", "secret", subject, &call)
            }
            Self::RevokeOthers { app, secret } => {
                let call = Call::post(&[&"apps", &app, &"secrets", &secret, &"revoke-others"]);
                let subject = Subject::Described(format!("but {secret} of app {app}"));
                confirm(session, "revoke", "every secret", subject)?;
                session.show(&call, "revoked every other secret")
            }
        }
    }
}
