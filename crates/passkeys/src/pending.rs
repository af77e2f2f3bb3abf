//! A ceremony between its two requests. Its text goes through the browser only sealed: whoever could write it could
//! choose the challenge.
//!
//! A text may be presented again, which this crate cannot know. The caller takes note of the challenge's hash for as
//! long as the text is valid, and goes on only if nobody else has.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

/// The text is not that of a ceremony of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the state of a ceremony of this kind")]
pub struct PendingError;

/// What the browser is to pass to `navigator.credentials.create` or `get`: JSON of the form `{"publicKey": {…}}`,
/// binary values in base64url without padding (WebAuthn Level 3 §5.1.9, §5.1.10). It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsJson(pub(crate) String);

impl OptionsJson {
    /// The JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The JSON.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// A registration that was begun.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingRegistration {
    pub(crate) registers_for: [u8; 16],
    pub(crate) challenge_hash: [u8; 32],
    pub(crate) state: PasskeyRegistration,
}

/// A sign-in that was begun.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingSignIn {
    pub(crate) challenge_hash: [u8; 32],
    pub(crate) state: DiscoverableAuthentication,
}

macro_rules! pending {
    ($type:ident) => {
        impl $type {
            /// The state as a text, to be sealed. A few hundred bytes, and 100 more for every passkey that is there.
            pub fn to_text(&self) -> String {
                // Serialising fails for maps with keys that are not texts only, and there are none.
                serde_json::to_string(self).unwrap_or_default()
            }

            /// Reads the text of [`Self::to_text`]; that of another kind of ceremony is refused.
            pub fn parse(text: &str) -> Result<Self, PendingError> {
                serde_json::from_str(text).map_err(|_| PendingError)
            }

            /// SHA-256 of the challenge: what the caller takes note of, so that the ceremony counts once.
            pub fn challenge_hash(&self) -> [u8; 32] {
                self.challenge_hash
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    };
}

pending!(PendingRegistration);
pending!(PendingSignIn);

impl PendingRegistration {
    /// Whose passkey it will be.
    pub fn user_id(&self) -> [u8; 16] {
        self.registers_for
    }
}

pub(crate) fn hash(challenge: &[u8]) -> [u8; 32] {
    Sha256::digest(challenge).into()
}
