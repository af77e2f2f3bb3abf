//! `turnkeep storage`: the S3-compatible storage of an app (seed 001).

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;
use turnkeep_domain::id::AppId;
use turnkeep_domain::storage_config::StorageCheckOutcome;

use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::fields::{Fields, read_document};
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::find;

const PROVIDERS: [&str; 5] = ["aws_s3", "tigris", "cloudflare_r2", "minio", "backblaze_b2"];

/// What can be done with the storage settings of an app.
#[derive(Debug, Subcommand)]
pub(crate) enum StorageVerb {
    /// Show an app's storage settings; never the secret key
    Show {
        /// The app
        app: AppId,
    },
    /// Set an app's storage
    #[command(
        after_help = "Example:\n  turnkeep storage set app_… --provider aws_s3 --bucket invoices --region eu-west-1 \\\n      --access-key AKIA… --secret-key-file key.txt"
    )]
    Set(SetStorage),
    /// Go back to the platform's own storage
    Remove {
        /// The app
        app: AppId,
    },
    /// Try the settings with a real request; ends with 9 unless they work
    Check {
        /// The app
        app: AppId,
    },
}

/// `storage set`.
#[derive(Debug, Args)]
pub(crate) struct SetStorage {
    /// The app
    app: AppId,
    /// Who runs the storage
    #[arg(long, value_parser = PROVIDERS)]
    provider: String,
    /// The bucket
    #[arg(long)]
    bucket: String,
    /// The access key
    #[arg(long, value_name = "KEY")]
    access_key: String,
    /// File with the secret key; `-` is standard input. The present one stays if absent
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// The endpoint, where the provider needs one; a new one needs the secret key again
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// The provider's region, where it needs one
    #[arg(long)]
    region: Option<String>,
    /// Only if it still has this version
    #[arg(long, value_name = "N")]
    if_version: Option<u64>,
}

impl RemoteCommand for StorageVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::Show { app } => show(session, app),
            Self::Set(flags) => flags.run(session),
            Self::Remove { app } => {
                let call = Call::delete(&[&"apps", &app, &"storage"]);
                let subject = Subject::Record(&Call::get(&[&"apps", &app]));
                session.take_away("remove", "storage settings of app", subject, &call)
            }
            Self::Check { app } => check(session, app),
        }
    }
}

/// Shows the settings, or says that there are none, which is another thing than an app that is not there.
fn show(session: &Session, app: AppId) -> RemoteResult {
    match session.connection.send(&Call::get(&[&"apps", &app, &"storage"])) {
        Err(error) if error.is_not_found() => {
            session.connection.send(&Call::get(&[&"apps", &app]))?;
            Err(RemoteError::NotFound(
                "the app has no storage settings of its own: it uses the platform's own storage",
            ))
        }
        answer => session.screen.record(&answer?, ""),
    }
}

/// Shows the outcome, which is not an answer's status: the check itself was carried out.
fn check(session: &Session, app: AppId) -> RemoteResult {
    let answer = session.connection.send(&Call::post(&[&"apps", &app, &"storage", &"check"]))?;
    session.screen.record(&answer, "")?;
    let body = answer.json()?;
    let outcome = find(&body, "outcome").and_then(Value::as_str);
    if outcome == Some(StorageCheckOutcome::Works.as_str()) {
        return Ok(());
    }
    Err(RemoteError::Unverified("the storage does not work with these settings".to_owned()))
}

impl SetStorage {
    fn run(self, session: &Session) -> RemoteResult {
        let secret_key = match &self.secret_key_file {
            Some(file) => Some(read_document(file)?.trim_end_matches(['\r', '\n']).to_owned()),
            None => None,
        };
        let body = Fields::default()
            .with("provider", Some(self.provider))
            .with("bucket", Some(self.bucket))
            .with("access_key", Some(self.access_key))
            .with("secret_key", secret_key)
            .with("endpoint", self.endpoint)
            .with("region", self.region)
            .body();
        let call = Call::put(&[&"apps", &self.app, &"storage"]).body(&body);
        session.show(&call.if_version(self.if_version), "")
    }
}
