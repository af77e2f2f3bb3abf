//! A registered passkey, as the database keeps it.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::Passkey;

/// The text is not that of a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stored passkey")]
pub struct StoredPasskeyError;

/// The public half of a passkey, with its owner, counter and flags. It proves nothing to others, but it tells who has
/// which authenticator: it is not printed.
#[derive(Clone)]
pub struct StoredPasskey {
    pub(crate) user_id: [u8; 16],
    pub(crate) passkey: Passkey,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPasskeyText {
    user: String,
    passkey: Passkey,
}

impl StoredPasskey {
    /// What the authenticator calls it, at most 1,023 bytes (WebAuthn Level 3 §4). No two passkeys of a server may have
    /// the same: that is the caller's to hold.
    pub fn credential_id(&self) -> &[u8] {
        self.passkey.cred_id().as_slice()
    }

    /// Whose it is.
    pub fn user_id(&self) -> [u8; 16] {
        self.user_id
    }

    /// The text to store.
    pub fn to_text(&self) -> String {
        let text =
            StoredPasskeyText { user: BASE64URL_NOPAD.encode(&self.user_id), passkey: self.passkey.clone() };
        // Serialising fails for maps with keys that are not texts only, and there are none.
        serde_json::to_string(&text).unwrap_or_default()
    }

    /// Reads the stored text.
    pub fn parse(text: &str) -> Result<Self, StoredPasskeyError> {
        let text: StoredPasskeyText = serde_json::from_str(text).map_err(|_| StoredPasskeyError)?;
        let user_id = BASE64URL_NOPAD.decode(text.user.as_bytes()).map_err(|_| StoredPasskeyError)?;
        let user_id = user_id.try_into().map_err(|_| StoredPasskeyError)?;
        Ok(Self { user_id, passkey: text.passkey })
    }
}

impl fmt::Debug for StoredPasskey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredPasskey(…)")
    }
}
