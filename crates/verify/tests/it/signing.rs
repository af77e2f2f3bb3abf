//! Keys that sign whatever they are told to, and sample claims.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use turnkeep_domain::id::SigningKeyId;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::time::Timestamp;
use turnkeep_token::private_key::PrivateKey;
use turnkeep_token::public_jwk::PublicJwk;
use turnkeep_token::signer::signer_for;
use turnkeep_verify::gate::clock::Clock;

pub(crate) const NOW: i64 = 1_795_000_000;
pub(crate) const APP: &str = "app_00000000000000000000000003";

/// It is always [`NOW`].
pub(crate) struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(NOW)
    }
}

pub(crate) struct SigningKey {
    kid: SigningKeyId,
    key: PrivateKey,
}

impl SigningKey {
    /// A new key; the number makes its id.
    pub(crate) fn new(number: u8) -> Self {
        let key = PrivateKey::generate(SigningAlgorithm::Es256).unwrap();
        Self { kid: SigningKeyId::from_bytes([number; 16]), key }
    }

    pub(crate) fn public(&self) -> PublicJwk {
        self.key.public_jwk(self.kid).unwrap()
    }

    /// A document of any type.
    pub(crate) fn sign(&self, typ: &str, payload: &Value) -> String {
        self.sign_with_header(&json!({"alg": "ES256", "typ": typ, "kid": self.kid.to_string()}), payload)
    }

    pub(crate) fn sign_with_header(&self, header: &Value, payload: &Value) -> String {
        let [header, payload] =
            [header, payload].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
        let input = format!("{header}.{payload}");
        let mut signature = Vec::new();
        signer_for(&self.key).unwrap().sign(input.as_bytes(), &mut signature).unwrap();
        format!("{input}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

/// The claims of an access token with sequence 7.
pub(crate) fn claims(issuer: &str) -> Value {
    json!({
        "iss": issuer,
        "sub": "app",
        "aud": "TrueParser.API",
        "client_id": "app",
        "scope": "read update",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "jti": "tok_00000000000000000000000001",
        "tenant_id": "ten_00000000000000000000000002",
        "app_id": APP,
        "allowed_domain_1": "myapp.com",
        "seq": 7,
    })
}
