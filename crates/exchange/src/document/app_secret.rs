//! Secrets of apps in documents. Revoked and expired ones are not exchanged.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use turnkeep_domain::client_secret::ClientSecret;
use turnkeep_secret::digest::{SecretRecord, SecretRecordError};
use turnkeep_secret::plaintext::PlaintextSecret;
use zeroize::Zeroizing;

use crate::document::utc_time::UtcTime;

/// A secret of an app.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppSecretRecord {
    /// Its last four characters; unknown where only a hash came from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// When it was made; the time of the import if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<UtcTime>,
    /// From when on it no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UtcTime>,
    /// What proves it, as the member `hash` if that is what it is.
    #[serde(rename = "hash", default, skip_serializing_if = "SecretMaterial::is_not_written")]
    pub material: SecretMaterial,
}

impl AppSecretRecord {
    /// What is exported of a secret. `hash` is given only if the export was asked for hashes.
    pub fn new(secret: &ClientSecret, hash: Option<&SecretRecord>) -> Self {
        Self {
            hint: Some(secret.hint.as_str().to_owned()),
            created_at: Some(UtcTime(secret.created_at)),
            expires_at: secret.expires_at.map(UtcTime),
            material: hash
                .map_or(SecretMaterial::Withheld, |hash| SecretMaterial::Hash(SecretHash::new(hash))),
        }
    }

    /// Whether there is nothing by which the secret could be made.
    pub fn is_withheld(&self) -> bool {
        match self.material {
            SecretMaterial::Withheld => true,
            SecretMaterial::Hash(_) | SecretMaterial::Clear(_) => false,
        }
    }
}

/// What a document has to prove a secret by. None of it can be printed.
#[derive(Debug, Clone, Default)]
pub enum SecretMaterial {
    /// Nothing: an export without hashes. It says that there is such a secret, and cannot make one.
    #[default]
    Withheld,
    /// A hash, ours or of another system.
    Hash(SecretHash),
    /// The secret itself, as some systems export it. To be hashed on import; never written.
    Clear(PlaintextSecret),
}

impl SecretMaterial {
    fn is_not_written(&self) -> bool {
        match self {
            Self::Hash(_) => false,
            Self::Withheld | Self::Clear(_) => true,
        }
    }
}

impl Serialize for SecretMaterial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Hash(hash) => serializer.serialize_str(&hash.0),
            Self::Withheld | Self::Clear(_) => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for SecretMaterial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?
            .map_or(Self::Withheld, |text| Self::Hash(SecretHash::unchecked(text))))
    }
}

/// The text of a hash.
#[derive(Clone)]
pub struct SecretHash(Zeroizing<String>);

impl SecretHash {
    /// Of a record.
    pub fn new(record: &SecretRecord) -> Self {
        Self(Zeroizing::new(record.to_text()))
    }

    pub(crate) fn unchecked(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The record. It is known to be well-formed in everything that [`ImportFormat::read`] returns.
    ///
    /// [`ImportFormat::read`]: crate::format::ImportFormat::read
    pub fn record(&self) -> Result<SecretRecord, SecretRecordError> {
        SecretRecord::import(&self.0)
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}
