//! The secrets of an app: that each can be verified later, and that none is lost in silence.

use turnkeep_domain::client_secret::SecretHint;
use turnkeep_protocol::management::app_fields::ClientTypeName;
use turnkeep_secret::plaintext::{MAX_PRESENTED_BYTES, PlaintextSecret};

use crate::document::app::AppRecord;
use crate::document::app_secret::{AppSecretRecord, SecretHash, SecretMaterial};
use crate::import_set::RecordProblems;

/// More than anybody has at a time.
const MAX_SECRETS: usize = 16;

/// Says nothing of an app without a secret: whether it is new, and so needs one, only the registry knows.
pub(crate) fn check_secrets(app: &mut AppRecord, field: &str, problems: &mut RecordProblems<'_>) {
    let Some(secrets) = &mut app.secrets else { return };
    if MAX_SECRETS < secrets.len() {
        return problems.add(field, format!("at most {MAX_SECRETS} secrets"));
    }
    if app.client_type == ClientTypeName::Public && !secrets.is_empty() {
        problems.add(field, "a public app has no secret");
    }
    for secret in secrets {
        check_secret(secret, field, problems);
    }
}

fn check_secret(secret: &mut AppSecretRecord, field: &str, problems: &mut RecordProblems<'_>) {
    if secret.hint.as_deref().is_some_and(|hint| SecretHint::parse(hint).is_none()) {
        problems.add(format!("{field}.hint"), "must be the last four characters, visible ASCII");
    }
    match &mut secret.material {
        SecretMaterial::Withheld => {}
        SecretMaterial::Hash(hash) => {
            if let Some(record) = problems.take(field, hash.record()) {
                *hash = SecretHash::new(&record);
            }
        }
        SecretMaterial::Clear(clear) => check_clear(clear, field, problems),
    }
}

fn check_clear(secret: &PlaintextSecret, field: &str, problems: &mut RecordProblems<'_>) {
    let text = secret.expose();
    if text.is_empty() {
        problems.add(field, "a secret must not be empty");
    } else if MAX_PRESENTED_BYTES < text.len() {
        problems.add(field, format!("a secret has at most {MAX_PRESENTED_BYTES} bytes"));
    } else if text.contains('\0') {
        problems.add(field, "a secret must not have a NUL character");
    } else if text.bytes().all(|b| b == b'*') {
        problems.add(field, "the export masked the secret; it has to be exported in the clear");
    }
}

/// The one secret of an app from another system, in the clear.
pub(crate) fn clear_secret(text: String) -> AppSecretRecord {
    let hint = SecretHint::of(&text).as_str().to_owned();
    let material = SecretMaterial::Clear(PlaintextSecret::new(text));
    AppSecretRecord { hint: Some(hint), created_at: None, expires_at: None, material }
}

/// The one secret of an app from another system, as a hash that is still to be checked.
pub(crate) fn hashed_secret(text: String) -> AppSecretRecord {
    let material = SecretMaterial::Hash(SecretHash::unchecked(text));
    AppSecretRecord { hint: None, created_at: None, expires_at: None, material }
}
