//! What takes its time and needs no transaction: signing keys for new algorithms, and hashes of secrets in the clear.

use std::collections::{BTreeMap, HashMap};

use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::AppId;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_exchange::document::Document;
use turnkeep_exchange::document::app::AppRecord;
use turnkeep_exchange::document::app_secret::SecretMaterial;
use turnkeep_secret::digest::SecretDigest;
use turnkeep_storage::signing_key::StoredSigningKey;

use crate::exchange::resources::USUAL_ALGORITHM;
use crate::failure::Fault;
use crate::keys::rotate_keys::make_missing_key;
use crate::make_digest::make_digest;
use crate::registry::context::RegistryContext;

/// What was made beforehand.
#[derive(Default)]
pub(super) struct Prepared {
    keys: BTreeMap<&'static str, Option<StoredSigningKey>>,
    apps: HashMap<String, PreparedApp>,
}

/// A new app whose secrets came in the clear.
pub(super) struct PreparedApp {
    /// Its id, which its digests are bound to.
    pub(super) id: AppId,
    /// One for each of its secrets in the clear, in their order.
    pub(super) digests: Vec<SecretDigest>,
}

impl Prepared {
    /// Makes it for every record that may need it.
    pub(super) fn make(context: &RegistryContext<'_>, document: &Document) -> Result<Self, Fault> {
        let mut prepared = Self::default();
        for resource in &document.resources {
            // What is no algorithm is refused with its record.
            let Ok(algorithm) = resource.signing_algorithm() else { continue };
            let algorithm = algorithm.unwrap_or(USUAL_ALGORITHM);
            if !prepared.keys.contains_key(algorithm.as_str()) {
                let key = make_missing_key(context.authority, context.instance_id, algorithm)?;
                prepared.keys.insert(algorithm.as_str(), key);
            }
        }
        for app in &document.apps {
            if has_clear_secret(app) && !is_known(context, app)? {
                prepared.apps.insert(app.client_id.clone(), hash_secrets(context, app)?);
            }
        }
        Ok(prepared)
    }

    /// A key for the algorithm, if the instance had none.
    pub(super) fn key(&self, algorithm: SigningAlgorithm) -> Option<&StoredSigningKey> {
        self.keys.get(algorithm.as_str()).and_then(Option::as_ref)
    }

    /// An app with secrets in the clear, if it is new.
    pub(super) fn app(&self, client_id: &str) -> Option<&PreparedApp> {
        self.apps.get(client_id)
    }
}

fn has_clear_secret(app: &AppRecord) -> bool {
    app.secrets.iter().flatten().any(|secret| matches!(secret.material, SecretMaterial::Clear(_)))
}

/// Apps that are there keep their secrets, so nothing is hashed for them.
fn is_known(context: &RegistryContext<'_>, app: &AppRecord) -> Result<bool, Fault> {
    let Ok(client_id) = ClientId::parse(&app.client_id) else { return Ok(false) };
    let found =
        context.authority.store.read(|reads| reads.find_app_by_client_id(context.instance_id, &client_id))?;
    Ok(found.is_some())
}

fn hash_secrets(context: &RegistryContext<'_>, app: &AppRecord) -> Result<PreparedApp, Fault> {
    let authority = context.authority;
    let id = AppId::new(authority.now(), authority.random_bytes());
    let mut digests = Vec::new();
    for secret in app.secrets.iter().flatten() {
        match &secret.material {
            SecretMaterial::Clear(clear) => digests.push(make_digest(authority, clear, id.as_bytes())?),
            SecretMaterial::Hash(_) | SecretMaterial::Withheld => {}
        }
    }
    Ok(PreparedApp { id, digests })
}
