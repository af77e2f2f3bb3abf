//! The keys of an issuer, by their `kid` (RFC 7517 §5).

use std::collections::HashMap;
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use crate::verification_key::{JwkError, VerificationKey};

/// The longest key set that is read, in bytes.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// Why a key set is refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Longer than [`MAX_KEY_SET_BYTES`].
    #[error("the key set is too long")]
    TooLong,
    /// Not a JSON object with a list of keys.
    #[error("not a JWK set")]
    Malformed,
    /// It publishes a private key: nothing signed with it proves anything.
    #[error("the key set has a private key in it")]
    PrivateMember,
    /// Two usable keys with the same `kid`.
    #[error("the key set has two keys with the same id")]
    RepeatedKeyId,
}

/// The usable keys of a JWK set.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    by_kid: HashMap<String, Arc<VerificationKey>>,
    /// By the encoded header of the access tokens that this server signs with them: whoever knows it need not read it.
    by_usual_header: HashMap<String, Arc<VerificationKey>>,
}

impl KeySet {
    /// Reads a JWK set document. Keys of other kinds and malformed ones are ignored.
    pub fn from_jwks(document: &[u8]) -> Result<Self, KeySetError> {
        if MAX_KEY_SET_BYTES < document.len() {
            return Err(KeySetError::TooLong);
        }
        let document: Value = serde_json::from_slice(document).map_err(|_| KeySetError::Malformed)?;
        Self::from_value(&document)
    }

    /// The same from parsed JSON.
    pub fn from_value(document: &Value) -> Result<Self, KeySetError> {
        let jwks = document.get("keys").and_then(Value::as_array).ok_or(KeySetError::Malformed)?;
        let mut keys = Self::default();
        for jwk in jwks {
            let key = match VerificationKey::from_jwk(jwk) {
                Ok(key) => key,
                Err(JwkError::Unsupported | JwkError::Malformed) => continue,
                Err(JwkError::PrivateMember) => return Err(KeySetError::PrivateMember),
            };
            let key = Arc::new(key);
            if let Some(header) = usual_header(&key) {
                keys.by_usual_header.insert(header, Arc::clone(&key));
            }
            if keys.by_kid.insert(key.kid().to_owned(), key).is_some() {
                return Err(KeySetError::RepeatedKeyId);
            }
        }
        Ok(keys)
    }

    /// The key of that id, compared byte for byte.
    pub fn find(&self, kid: &str) -> Option<&VerificationKey> {
        self.by_kid.get(kid).map(AsRef::as_ref)
    }

    /// The key of an access token by its whole encoded header, if that is as this server writes it: then its `typ` is
    /// `at+jwt`, its `alg` the key's, and it has no other member.
    pub(crate) fn find_by_usual_header(&self, encoded_header: &str) -> Option<&VerificationKey> {
        self.by_usual_header.get(encoded_header).map(AsRef::as_ref)
    }

    /// How many keys are usable.
    pub fn len(&self) -> usize {
        self.by_kid.len()
    }

    /// Whether no key is usable.
    pub fn is_empty(&self) -> bool {
        self.by_kid.is_empty()
    }
}

/// `None` if the `kid` might be written in more than one way.
fn usual_header(key: &VerificationKey) -> Option<String> {
    let kid = Some(key.kid()).filter(|kid| kid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))?;
    let header = format!(r#"{{"alg":"{}","typ":"at+jwt","kid":"{kid}"}}"#, key.algorithm());
    Some(BASE64URL_NOPAD.encode(header.as_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ed25519(kid: &str) -> Value {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": kid, "x": x})
    }

    #[test]
    fn unusable_keys_are_ignored_and_the_others_found() {
        let document = json!({"keys": [
            ed25519("a"),
            {"kty": "EC", "crv": "P-521", "alg": "ES512", "kid": "c"},
            {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "d", "x": "AA"},
            "text",
            ed25519("b"),
        ]});
        let keys = KeySet::from_jwks(document.to_string().as_bytes()).unwrap();
        assert_eq!((keys.len(), keys.is_empty()), (2, false));
        assert!(keys.find("a").is_some() && keys.find("b").is_some());
        assert!(keys.find("A").is_none() && keys.find("d").is_none());
        assert!(KeySet::from_jwks(br#"{"keys":[]}"#).unwrap().is_empty());
    }

    #[test]
    fn sets_that_prove_nothing_are_refused() {
        let mut private = ed25519("a");
        private["d"] = json!("AA");
        for (document, expected) in [
            (json!({"keys": [ed25519("b"), private]}).to_string(), KeySetError::PrivateMember),
            (json!({"keys": [ed25519("a"), ed25519("a")]}).to_string(), KeySetError::RepeatedKeyId),
            (json!({"keys": {}}).to_string(), KeySetError::Malformed),
            ("[]".to_owned(), KeySetError::Malformed),
            ("<html>".to_owned(), KeySetError::Malformed),
            (" ".repeat(MAX_KEY_SET_BYTES + 1), KeySetError::TooLong),
        ] {
            assert_eq!(KeySet::from_jwks(document.as_bytes()).err(), Some(expected));
        }
    }
}
