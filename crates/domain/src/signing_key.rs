//! Signing keys of an instance: algorithms and life. The key material is the business of `token`.

use std::fmt;
use std::str::FromStr;

use crate::id::{InstanceId, SigningKeyId};
use crate::time::Timestamp;

/// The signature algorithms of access tokens (RFC 7518 §3.1, RFC 8037 §3.1). There is no `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256: the default.
    #[default]
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSA PKCS #1 v1.5 with SHA-256, for older clients.
    Rs256,
    /// RSA-PSS with SHA-256.
    Ps256,
}

impl SigningAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Rs256, Self::Ps256];

    /// The `alg` value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names none of the supported algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of ES256, EdDSA, RS256, PS256")]
pub struct SigningAlgorithmError;

impl FromStr for SigningAlgorithm {
    type Err = SigningAlgorithmError;

    fn from_str(text: &str) -> Result<Self, SigningAlgorithmError> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text).ok_or(SigningAlgorithmError)
    }
}

/// The life of a key: `PrePublished → Active → Retiring → Gone`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningKeyState {
    /// In the key set, so that verifiers know it before it signs.
    PrePublished,
    /// Signs. There is one per algorithm and instance.
    Active {
        /// Since when.
        since: Timestamp,
    },
    /// Signs no more; in the key set until the last token it signed is dead.
    Retiring {
        /// When that is.
        until: Timestamp,
    },
    /// Out of the key set; the private key is erased.
    Gone {
        /// Since when.
        since: Timestamp,
    },
}

impl SigningKeyState {
    /// Whether the key set lists the key.
    pub const fn is_published(self) -> bool {
        match self {
            Self::PrePublished | Self::Active { .. } | Self::Retiring { .. } => true,
            Self::Gone { .. } => false,
        }
    }
}

/// A signing key, without its key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningKey {
    /// Identifier; its text form is the `kid`.
    pub id: SigningKeyId,
    /// The instance it signs for; keys are never shared between instances (RFC 8725 §3.8).
    pub instance_id: InstanceId,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// Where it is in its life.
    pub state: SigningKeyState,
    /// When it was made and published.
    pub created_at: Timestamp,
}
