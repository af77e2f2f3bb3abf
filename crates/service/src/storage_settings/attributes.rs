//! Storage settings as the audit trail tells of them. Of the secret key it tells only that there is one.

use turnkeep_domain::audit::AttributeChange;
use turnkeep_domain::storage_config::StorageSettings;
use turnkeep_policy::decide_storage_change::SecretKeyChange;

use crate::audit::attributes::Attributes;

/// The settings, under the names of the management API.
pub(super) fn storage_attributes(settings: &StorageSettings) -> Attributes {
    vec![
        ("provider", Some(settings.provider().to_string())),
        ("bucket", Some(settings.bucket().to_string())),
        ("access_key", Some(settings.access_key().to_string())),
        ("endpoint", Some(settings.endpoint().to_string())),
        ("region", Some(settings.region().to_string())),
    ]
}

/// What became of the secret key; `None` if it stays.
pub(super) fn secret_key_change(existed: bool, change: SecretKeyChange) -> Option<AttributeChange> {
    let before = existed.then(|| "set".to_owned());
    match change {
        SecretKeyChange::Keep => None,
        SecretKeyChange::Replace => {
            let after = Some(if existed { "replaced" } else { "set" }.to_owned());
            Some(AttributeChange { attribute: "secret_key", before, after })
        }
    }
}

/// The secret key is gone with its settings.
pub(super) fn secret_key_removal() -> AttributeChange {
    AttributeChange { attribute: "secret_key", before: Some("set".to_owned()), after: None }
}
