//! Do new storage settings need the secret key again? (requirements C 63)

use turnkeep_domain::storage_config::StorageSettings;

/// What becomes of the stored secret key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKeyChange {
    /// The one that was entered takes its place.
    Replace,
    /// It stays.
    Keep,
}

/// Why the secret key has to be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StorageChangeDenial {
    /// There is none yet.
    #[error("the secret key is needed")]
    SecretKeyMissing,
    /// Whoever may change the settings could otherwise have the stored key used towards a host of their own.
    #[error("the secret key has to be entered again when provider or endpoint change")]
    EndpointChanged,
    /// The stored key belongs to another access key.
    #[error("the secret key has to be entered again when the access key changes")]
    AccessKeyChanged,
}

/// A stored key goes on only where it went before, under the name it had before.
pub fn decide_storage_change(
    before: Option<&StorageSettings>,
    after: &StorageSettings,
    secret_key_entered: bool,
) -> Result<SecretKeyChange, StorageChangeDenial> {
    if secret_key_entered {
        return Ok(SecretKeyChange::Replace);
    }
    match before {
        None => Err(StorageChangeDenial::SecretKeyMissing),
        Some(before) if after.sends_elsewhere_than(before) => Err(StorageChangeDenial::EndpointChanged),
        Some(before) if after.access_key() != before.access_key() => {
            Err(StorageChangeDenial::AccessKeyChanged)
        }
        Some(_) => Ok(SecretKeyChange::Keep),
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::storage_config::StorageFields;
    use turnkeep_domain::storage_place::PlainHttp;
    use turnkeep_domain::storage_provider::StorageProvider;

    use super::*;

    const FIELDS: StorageFields<'_> = StorageFields {
        bucket: "invoices",
        access_key: "AKIAEXAMPLE",
        endpoint: None,
        region: Some("eu-west-1"),
        plain_http: PlainHttp::Refused,
    };

    #[test]
    fn attack_63_a_stored_key_never_goes_to_another_host() {
        let amazon = |fields| StorageSettings::new(StorageProvider::AwsS3, &fields).unwrap();
        let minio = StorageFields { endpoint: Some("https://minio.example"), ..FIELDS };
        let minio = StorageSettings::new(StorageProvider::MinIo, &minio).unwrap();
        let before = amazon(FIELDS);
        for (before, after, expected) in [
            (None, amazon(FIELDS), Err(StorageChangeDenial::SecretKeyMissing)),
            (Some(&before), amazon(FIELDS), Ok(SecretKeyChange::Keep)),
            (Some(&before), amazon(StorageFields { bucket: "other", ..FIELDS }), Ok(SecretKeyChange::Keep)),
            (
                Some(&before),
                amazon(StorageFields { region: Some("eu-west-2"), ..FIELDS }),
                Err(StorageChangeDenial::EndpointChanged),
            ),
            (
                Some(&before),
                amazon(StorageFields { access_key: "AKIAOTHER", ..FIELDS }),
                Err(StorageChangeDenial::AccessKeyChanged),
            ),
            (Some(&before), minio, Err(StorageChangeDenial::EndpointChanged)),
        ] {
            assert_eq!(decide_storage_change(before, &after, false), expected, "{after:?}");
            assert_eq!(decide_storage_change(before, &after, true), Ok(SecretKeyChange::Replace));
        }
    }
}
