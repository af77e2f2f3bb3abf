//! `turnkeep token`.

use clap::Subcommand;
use turnkeep_domain::id::{AppId, ReferenceTokenId};

use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::secret_once::{SecretFlags, show_once};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("KIND", "kind"),
    ("NAME", "name"),
    ("HINT", "hint"),
    ("USER ID", "user_id"),
    ("SCOPES", "scopes"),
    ("STATE", "state"),
    ("EXPIRES", "expires_at"),
    ("LAST USED", "last_used_at"),
];

/// What can be done with the reference tokens of an app.
#[derive(Debug, Subcommand)]
pub(crate) enum ReferenceTokenVerb {
    /// List an app's reference tokens; never the tokens themselves
    List {
        /// The app
        app: AppId,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["live", "expired", "revoked"])]
        state: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Make a reference token; it is shown once
    #[command(
        after_help = "Example:\n  turnkeep token make app_… --kind service --name nightly --scopes read --secret-out api.key"
    )]
    Make {
        /// The app
        app: AppId,
        /// As whom it acts: as the one who calls, or as the app's system user
        #[arg(long, value_parser = ["personal", "service"])]
        kind: String,
        /// What it is called
        #[arg(long)]
        name: String,
        /// What it may be used for, with spaces between the names
        #[arg(long)]
        scopes: String,
        /// The resource it is for; that of the scopes if absent
        #[arg(long)]
        audience: Option<String>,
        /// How long it lives, 1 to 366; 90 if absent
        #[arg(long, value_name = "DAYS")]
        lifetime_days: Option<u32>,
        /// Where the token goes.
        #[command(flatten)]
        secret: SecretFlags,
    },
    /// Take a reference token back at once
    Revoke {
        /// The app
        app: AppId,
        /// The token's id
        token: ReferenceTokenId,
    },
}

impl RemoteCommand for ReferenceTokenVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { app, state, list: flags } => {
                let call = Call::get(&[&"apps", &app, &"reference-tokens"]).query("state", state);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Make { app, kind, name, scopes, audience, lifetime_days, secret } => {
                let body = Fields::default()
                    .with("kind", Some(kind))
                    .with("name", Some(name))
                    .with("scopes", Some(scopes))
                    .with("audience", audience)
                    .with("lifetime_days", lifetime_days);
                let call = Call::post(&[&"apps", &app, &"reference-tokens"]).body(&body.body());
                show_once(session, &call, "token", &secret)
            }
            Self::Revoke { app, token } => {
                let call = Call::delete(&[&"apps", &app, &"reference-tokens", &token]);
                let subject = Subject::Described(format!("{token} of app {app}"));
                session.take_away("revoke", "reference token", subject, &call)
            }
        }
    }
}
