//! The key set that an instance publishes (RFC 7517 §5), as the bytes that go out.

use std::time::Duration;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::public_jwk::PublicJwk;

/// How long others may keep a key set without asking again (`max-age`).
pub const MAX_AGE: Duration = Duration::from_secs(300);

/// A key set, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwkSet {
    json: String,
    etag: String,
}

impl JwkSet {
    /// The same keys always make the same bytes, in whatever order they come.
    pub fn new(keys: impl IntoIterator<Item = PublicJwk>) -> Self {
        let mut keys: Vec<PublicJwk> = keys.into_iter().collect();
        keys.sort_by(|one, two| one.kid().cmp(two.kid()));
        let members: Vec<&str> = keys.iter().map(PublicJwk::as_json).collect();
        let json = format!(r#"{{"keys":[{}]}}"#, members.join(","));
        let hash: [u8; 32] = Sha256::digest(json.as_bytes()).into();
        let prefix = hash.first_chunk::<16>().map_or_else(String::new, |prefix| HEXLOWER.encode(prefix));
        Self { json, etag: format!("\"{prefix}\"") }
    }

    /// The JSON document (`application/jwk-set+json`).
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The document's bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.json.as_bytes()
    }

    /// Its strong entity tag (RFC 9110 §8.8.3), with the quotes.
    pub fn etag(&self) -> &str {
        &self.etag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwk(kid: &str) -> PublicJwk {
        let json =
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"AA","use":"sig","alg":"EdDSA","kid":"{kid}"}}"#);
        PublicJwk::parse(&json).unwrap()
    }

    #[test]
    fn bytes_and_tag_depend_on_the_keys_alone() {
        let set = JwkSet::new([jwk("a"), jwk("b")]);
        assert_eq!(set, JwkSet::new([jwk("b"), jwk("a")]));
        assert_ne!(set.etag(), JwkSet::new([jwk("a")]).etag());
        assert_eq!(
            JwkSet::new([jwk("a")]).as_json(),
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","use":"sig","alg":"EdDSA","kid":"a"}]}"#
        );
        assert_eq!(JwkSet::new([]).as_bytes(), br#"{"keys":[]}"#);
        assert_eq!(set.etag().len(), 34);
    }
}
