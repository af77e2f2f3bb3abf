//! Imports of whole sample files, and of hostile ones.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod hostile;
mod hydra;
mod keycloak;
mod lists_as_records;
mod round_trip;
mod trusted_applications;

use turnkeep_exchange::document::app::AppRecord;
use turnkeep_exchange::document::app_secret::SecretMaterial;
use turnkeep_exchange::import_set::ImportSet;
use turnkeep_protocol::management::app_fields::ServicePrincipal;

fn client_ids(set: &ImportSet) -> Vec<&str> {
    set.records.apps.iter().map(|app| app.client_id.as_str()).collect()
}

fn app<'a>(set: &'a ImportSet, client_id: &str) -> &'a AppRecord {
    set.records.apps.iter().find(|app| app.client_id == client_id).unwrap()
}

/// Record and field of each problem.
fn places(set: &ImportSet) -> Vec<(&str, &str)> {
    set.problems.iter().map(|problem| (problem.record.as_str(), problem.field.as_str())).collect()
}

fn clear_secret(app: &AppRecord) -> Option<&str> {
    match app.secrets.as_deref().unwrap_or_default() {
        [secret] => match &secret.material {
            SecretMaterial::Clear(clear) => Some(clear.expose()),
            SecretMaterial::Hash(_) | SecretMaterial::Withheld => None,
        },
        _ => None,
    }
}

fn may_sign_in(app: &AppRecord) -> Option<bool> {
    app.sign_in?.internal
}

fn principal(app: &AppRecord) -> Option<ServicePrincipal> {
    app.service_access.as_ref().map(|access| access.principal)
}

/// Whether the app's only secret is a hash of this.
fn hash_accepts(app: &AppRecord, secret: &str) -> bool {
    match app.secrets.as_deref().unwrap_or_default() {
        [record] => match &record.material {
            SecretMaterial::Hash(hash) => hash.record().unwrap().verify(secret),
            SecretMaterial::Clear(_) | SecretMaterial::Withheld => false,
        },
        _ => false,
    }
}
