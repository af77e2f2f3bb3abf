//! `turnkeep import`.

use std::path::PathBuf;

use clap::Args;
use turnkeep_embed::system::SystemRandom;
use turnkeep_exchange::document::Document;
use turnkeep_exchange::document::app_secret::{SecretHash, SecretMaterial};
use turnkeep_exchange::format::ImportFormat;
use turnkeep_secret::digest::SecretRecord;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_secret::random::random_bytes;
use turnkeep_secret::scrypt_hash::{ScryptHash, ScryptParams};

use crate::command_line::Settings;
use crate::import_file::import_file;
use crate::remote::call::Call;
use crate::remote::confirm::agree;
use crate::remote::fields::Fields;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::{RemoteCommand, Session};
use crate::system::end_progress;

/// `import`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  turnkeep import registry.json --dry-run\n  turnkeep import realm.json --format keycloak --tenant Acme --region eu-west"
)]
pub(crate) struct Import {
    /// File with the records; `-` is standard input
    pub(crate) file: PathBuf,
    /// What the file is: `turnkeep`, `keycloak` (realm export), `hydra` (clients), `csv` (trusted applications)
    #[arg(long, default_value = "turnkeep")]
    pub(crate) format: ImportFormat,
    /// Change nothing; show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Tenant of apps that name none, by name or id
    #[arg(long)]
    pub(crate) tenant: Option<String>,
    /// Code of the region of new apps that name none
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Leave out what is refused, and import the rest
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Where the database is, without a server.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

impl Import {
    /// Asks before the first part is imported, when the file is known to be one; a dry run asks nothing.
    pub(crate) fn agree_once(&self, agreed: &mut bool) -> RemoteResult {
        if !self.dry_run && !*agreed {
            end_progress();
            agree(false, || {
                Ok(format!(
                    "import {}, which can change, suspend and disable what is there (--dry-run shows it)? [y/N]",
                    self.file.display()
                ))
            })?;
        }
        *agreed = true;
        Ok(())
    }
}

impl RemoteCommand for Import {
    fn run(self, session: &Session) -> RemoteResult {
        let mut agreed = session.yes;
        import_file(&self, session.screen, |mut part| {
            self.agree_once(&mut agreed)?;
            hash_clear_secrets(&mut part)?;
            let document = serde_json::to_value(&part).map_err(|_| unwritable())?;
            let on_refusal = if self.keep_going { "skip_record" } else { "import_nothing" };
            let body = Fields::default()
                .with("dry_run", Some(self.dry_run))
                .with("on_refusal", Some(on_refusal))
                .with("tenant", self.tenant.clone())
                .with("region", self.region.clone())
                .with("document", Some(document))
                .body();
            session.connection.send(&Call::post(&[&"import"]).body(&body))?.json()
        })
    }
}

fn unwritable() -> RemoteError {
    RemoteError::Unexpected("the records cannot be written as JSON".to_owned())
}

/// What a server gets of a secret in the clear is its hash, made as the server makes its own.
fn hash_clear_secrets(part: &mut Document) -> RemoteResult {
    for secret in part.apps.iter_mut().filter_map(|app| app.secrets.as_mut()).flatten() {
        if let SecretMaterial::Clear(clear) = &secret.material {
            secret.material = SecretMaterial::Hash(hash(clear)?);
        }
    }
    Ok(())
}

fn hash(clear: &PlaintextSecret) -> RemoteResult<SecretHash> {
    let made = ScryptHash::make(clear.expose(), ScryptParams::CLIENT_SECRET, random_bytes(&SystemRandom));
    let made = made.map_err(|_| RemoteError::Unexpected("a secret cannot be hashed".to_owned()))?;
    Ok(SecretHash::new(&SecretRecord::Scrypt(made)))
}
