//! An issuer that signs whatever it is told to.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use turnkeep_domain::resource::Audience;
use turnkeep_domain::time::Timestamp;

use crate::access_token::{AccessTokenVerifier, VerifiedAccessToken};
use crate::key_set::KeySet;
use crate::rejection::TokenRejection;

pub(crate) const ISSUER: &str = "https://id.example.com/i/acme";
pub(crate) const NOW: i64 = 1_795_000_000;

pub(crate) struct SampleIssuer {
    key: EcdsaKeyPair,
}

impl SampleIssuer {
    pub(crate) fn new() -> Self {
        Self { key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap() }
    }

    pub(crate) fn jwk(&self) -> Value {
        let point = self.key.public_key().as_ref();
        let [x, y] = [&point[1..33], &point[33..]].map(|coordinate| BASE64URL_NOPAD.encode(coordinate));
        json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": "k1"})
    }

    pub(crate) fn public_point(&self) -> &[u8] {
        self.key.public_key().as_ref()
    }

    pub(crate) fn verifier(&self) -> AccessTokenVerifier {
        AccessTokenVerifier::new(ISSUER).with_audience(Audience::parse("api").unwrap())
    }

    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<VerifiedAccessToken, TokenRejection> {
        self.verifier().verify(&self.keys(), token, now)
    }

    pub(crate) fn keys(&self) -> KeySet {
        KeySet::from_value(&json!({"keys": [self.jwk()]})).unwrap()
    }

    pub(crate) fn token(&self, header: &str, payload: &str) -> String {
        let input = signing_input(header, payload);
        let signature = self.key.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}

pub(crate) fn signing_input(header: &str, payload: &str) -> String {
    let [header, payload] = [header, payload].map(|part| BASE64URL_NOPAD.encode(part.as_bytes()));
    format!("{header}.{payload}")
}

pub(crate) const HEADER: &str = r#"{"alg":"ES256","typ":"at+jwt","kid":"k1"}"#;

pub(crate) fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "sub": "app",
        "aud": "api",
        "client_id": "app",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "jti": "tok_00000000000000000000000001",
        "tenant_id": "ten_00000000000000000000000002",
        "app_id": "app_00000000000000000000000003",
        "seq": 7,
    })
}

/// The sample claims with some of them replaced; a null takes one away.
pub(crate) fn claims_with(changes: &Value) -> String {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims.to_string()
}
