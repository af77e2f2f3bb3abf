//! The public part of a signing key as a JWK (RFC 7517 §4, RFC 8037 §2). A private member must never get in.

use josekit::jwk::Jwk;
use serde::{Deserialize, Serialize};
use turnkeep_domain::id::SigningKeyId;
use turnkeep_domain::signing_key::SigningAlgorithm;

/// The stored text is not a public JWK that this server wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a public JWK with exactly the expected members")]
pub struct PublicJwkError;

/// A public key as JSON, its members always in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicJwk {
    kid: String,
    json: String,
}

/// An allow-list: what is not named here cannot be written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    kty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(rename = "use")]
    key_use: String,
    alg: String,
    kid: String,
}

impl PublicJwk {
    pub(crate) fn of(algorithm: SigningAlgorithm, key_id: SigningKeyId, jwk: &Jwk) -> Option<Self> {
        let member = |name: &str| jwk.parameter(name)?.as_str().map(str::to_owned);
        let members = Members {
            kty: jwk.key_type().to_owned(),
            crv: member("crv"),
            x: member("x"),
            y: member("y"),
            n: member("n"),
            e: member("e"),
            key_use: "sig".to_owned(),
            alg: algorithm.as_str().to_owned(),
            kid: key_id.to_string(),
        };
        Self::written(&members).ok()
    }

    /// Reads the stored text. A member that is not public is refused.
    pub fn parse(json: &str) -> Result<Self, PublicJwkError> {
        let members: Members = serde_json::from_str(json).map_err(|_| PublicJwkError)?;
        Self::written(&members)
    }

    fn written(members: &Members) -> Result<Self, PublicJwkError> {
        let json = serde_json::to_string(members).map_err(|_| PublicJwkError)?;
        Ok(Self { kid: members.kid.clone(), json })
    }

    /// The `kid`.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The JWK as a JSON object.
    pub fn as_json(&self) -> &str {
        &self.json
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private_key::PrivateKey;

    #[test]
    fn every_algorithm_publishes_its_public_members_and_nothing_else() {
        for (algorithm, expected) in [
            (SigningAlgorithm::Es256, ["kty", "crv", "x", "y", "use", "alg", "kid"].as_slice()),
            (SigningAlgorithm::EdDsa, &["kty", "crv", "x", "use", "alg", "kid"]),
            (SigningAlgorithm::Rs256, &["kty", "n", "e", "use", "alg", "kid"]),
            (SigningAlgorithm::Ps256, &["kty", "n", "e", "use", "alg", "kid"]),
        ] {
            let id = SigningKeyId::from_bytes([3; 16]);
            let jwk = PrivateKey::generate(algorithm).unwrap().public_jwk(id).unwrap();
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(jwk.as_json()).unwrap();
            assert_eq!(object.len(), expected.len(), "{algorithm}");
            assert!(expected.iter().all(|name| object.contains_key(*name)), "{algorithm}");
            assert_eq!(object["alg"], algorithm.as_str());
            assert_eq!(object["kid"], id.to_string());
            assert_eq!(jwk.kid(), id.to_string());
            assert_eq!(PublicJwk::parse(jwk.as_json()), Ok(jwk));
        }
    }

    #[test]
    fn a_stored_private_member_is_refused() {
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            let json = format!(
                r#"{{"kty":"OKP","crv":"Ed25519","x":"AA","{member}":"AA","use":"sig","alg":"EdDSA","kid":"k"}}"#
            );
            assert_eq!(PublicJwk::parse(&json), Err(PublicJwkError), "{member}");
        }
    }
}
