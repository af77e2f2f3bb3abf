//! Public keys that tokens are verified with, each for one algorithm only (RFC 8725 §3.1).

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaParameters, RsaPublicKeyComponents,
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use turnkeep_domain::signing_key::SigningAlgorithm;

/// The longest `kid`, in bytes.
pub const MAX_KEY_ID_BYTES: usize = 200;

const COORDINATE_BYTES: usize = 32;
/// 2048 to 4096 bits.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=512;
/// Members that only a private or symmetric key has (RFC 7518 §6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Why a JWK is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// A kind of key, use or algorithm that tokens are not signed with. To be ignored (RFC 7517 §5).
    #[error("not a signature key of a supported algorithm")]
    Unsupported,
    /// It has the private part: whoever published it has to withdraw it.
    #[error("the key set has a private key in it")]
    PrivateMember,
    /// It claims to be a supported key and is not one. To be ignored (RFC 7517 §5).
    #[error("a malformed public key")]
    Malformed,
}

/// A public key, parsed once.
#[derive(Clone)]
pub struct VerificationKey {
    kid: String,
    algorithm: SigningAlgorithm,
    key: ParsedPublicKey,
}

impl VerificationKey {
    /// Reads a JWK with a `kid` and an `alg` of ES256, EdDSA (Ed25519), RS256 or PS256.
    pub fn from_jwk(jwk: &Value) -> Result<Self, JwkError> {
        let object = jwk.as_object().ok_or(JwkError::Malformed)?;
        if PRIVATE_MEMBERS.iter().any(|member| object.contains_key(*member)) {
            return Err(JwkError::PrivateMember);
        }
        if object.get("use").is_some_and(|key_use| key_use != "sig") {
            return Err(JwkError::Unsupported);
        }
        let algorithm = text(jwk, "alg").and_then(|alg| alg.parse().ok()).ok_or(JwkError::Unsupported)?;
        let kid = text(jwk, "kid").ok_or(JwkError::Malformed)?;
        if kid.is_empty() || MAX_KEY_ID_BYTES < kid.len() {
            return Err(JwkError::Malformed);
        }
        let key = match algorithm {
            SigningAlgorithm::Es256 => p256(jwk)?,
            SigningAlgorithm::EdDsa => ed25519(jwk)?,
            SigningAlgorithm::Rs256 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA256)?,
            SigningAlgorithm::Ps256 => rsa(jwk, &RSA_PSS_2048_8192_SHA256)?,
        };
        Ok(Self { kid: kid.to_owned(), algorithm, key })
    }

    /// The `kid`.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm it is good for.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Whether the signature of the message is right.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerificationKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// RFC 7518 §6.2.1.
fn p256(jwk: &Value) -> Result<ParsedPublicKey, JwkError> {
    expect_kind(jwk, "EC", Some("P-256"))?;
    let (x, y) = (octets(jwk, "x")?, octets(jwk, "y")?);
    if x.len() != COORDINATE_BYTES || y.len() != COORDINATE_BYTES {
        return Err(JwkError::Malformed);
    }
    let point = [[4].as_slice(), &x, &y].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| JwkError::Malformed)
}

/// RFC 8037 §2.
fn ed25519(jwk: &Value) -> Result<ParsedPublicKey, JwkError> {
    expect_kind(jwk, "OKP", Some("Ed25519"))?;
    let x = octets(jwk, "x")?;
    if x.len() != COORDINATE_BYTES {
        return Err(JwkError::Malformed);
    }
    ParsedPublicKey::new(&ED25519, x).map_err(|_| JwkError::Malformed)
}

/// RFC 7518 §6.3.1.
fn rsa(jwk: &Value, parameters: &'static RsaParameters) -> Result<ParsedPublicKey, JwkError> {
    expect_kind(jwk, "RSA", None)?;
    let (n, e) = (octets(jwk, "n")?, octets(jwk, "e")?);
    if n.first() == Some(&0) || !MODULUS_BYTES.contains(&n.len()) || !is_public_exponent(&e) {
        return Err(JwkError::Malformed);
    }
    RsaPublicKeyComponents { n, e }.to_parsed_public_key(parameters).map_err(|_| JwkError::Malformed)
}

/// Odd, 3 to 2^32 - 1, in the shortest form. An exponent of 1 would make every message its own signature.
fn is_public_exponent(e: &[u8]) -> bool {
    let odd = e.last().is_some_and(|last| last % 2 == 1);
    odd && e != [1] && e.first() != Some(&0) && e.len() <= 4
}

fn expect_kind(jwk: &Value, key_type: &str, curve: Option<&str>) -> Result<(), JwkError> {
    if text(jwk, "kty") != Some(key_type) {
        return Err(JwkError::Malformed);
    }
    // EdDSA with Ed448 is a key of a supported name that we do not support.
    if curve.is_some() && text(jwk, "crv") != curve { Err(JwkError::Unsupported) } else { Ok(()) }
}

fn text<'a>(jwk: &'a Value, member: &str) -> Option<&'a str> {
    jwk.get(member)?.as_str()
}

fn octets(jwk: &Value, member: &str) -> Result<Vec<u8>, JwkError> {
    let encoded = text(jwk, member).ok_or(JwkError::Malformed)?;
    BASE64URL_NOPAD.decode(encoded.as_bytes()).map_err(|_| JwkError::Malformed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rfc_7515_a_3() -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "a3",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        })
    }

    fn rfc_8037_a_2() -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "a2",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        })
    }

    fn verifies(jwk: &Value, jws: &str) -> bool {
        let (input, signature) = jws.rsplit_once('.').unwrap();
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
        VerificationKey::from_jwk(jwk).unwrap().verify(input.as_bytes(), &signature)
    }

    #[test]
    fn rfc_7515_appendix_a_3_verifies() {
        let jws = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        assert!(verifies(&rfc_7515_a_3(), jws));
        assert!(!verifies(&rfc_7515_a_3(), &jws.replacen("eyJhb", "eyJib", 1)));
    }

    #[test]
    fn rfc_8037_appendix_a_4_verifies() {
        let jws = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert!(verifies(&rfc_8037_a_2(), jws));
        assert!(!verifies(&rfc_8037_a_2(), &jws.replacen("RXh", "RXg", 1)));
    }

    #[test]
    fn unusable_keys_are_told_apart() {
        let rsa = |n: &[u8], e: &str| json!({"kty": "RSA", "alg": "RS256", "kid": "r", "n": BASE64URL_NOPAD.encode(n), "e": e});
        let changed = |mut jwk: Value, member: &str, value: Value| {
            jwk[member] = value;
            jwk
        };
        let (ec, ed) = (rfc_7515_a_3, rfc_8037_a_2);
        let mut no_kid = ec();
        no_kid.as_object_mut().unwrap().remove("kid");
        for (jwk, expected) in [
            (ec(), None),
            (changed(ec(), "use", json!("sig")), None),
            (rsa(&[0xff; 256], "AQAB"), None),
            (changed(ec(), "use", json!("enc")), Some(JwkError::Unsupported)),
            (changed(ec(), "alg", json!("ES384")), Some(JwkError::Unsupported)),
            (changed(ec(), "alg", Value::Null), Some(JwkError::Unsupported)),
            (changed(ec(), "crv", json!("secp256k1")), Some(JwkError::Unsupported)),
            (changed(ed(), "crv", json!("Ed448")), Some(JwkError::Unsupported)),
            (changed(ec(), "kty", json!("OKP")), Some(JwkError::Malformed)),
            (changed(ec(), "alg", json!("RS256")), Some(JwkError::Malformed)),
            // Not a point of the curve.
            (changed(ec(), "y", ec()["x"].clone()), Some(JwkError::Malformed)),
            (changed(ec(), "x", json!("AA")), Some(JwkError::Malformed)),
            (changed(ec(), "x", json!("==")), Some(JwkError::Malformed)),
            (changed(ed(), "x", json!("AA")), Some(JwkError::Malformed)),
            (changed(ec(), "kid", json!("")), Some(JwkError::Malformed)),
            (changed(ec(), "kid", json!("k".repeat(201))), Some(JwkError::Malformed)),
            (no_kid, Some(JwkError::Malformed)),
            (rsa(&[0xff; 128], "AQAB"), Some(JwkError::Malformed)),
            (rsa(&[0xff; 513], "AQAB"), Some(JwkError::Malformed)),
            (rsa(&[[0].as_slice(), &[0xff; 256]].concat(), "AQAB"), Some(JwkError::Malformed)),
            (rsa(&[0xff; 256], "Aw"), None),
            (rsa(&[0xff; 256], ""), Some(JwkError::Malformed)),
            (rsa(&[0xff; 256], "AAEAAQ"), Some(JwkError::Malformed)),
            (rsa(&[0xff; 256], "AQAAAAE"), Some(JwkError::Malformed)),
            (rsa(&[0xff; 256], "AQ"), Some(JwkError::Malformed)),
            (rsa(&[0xff; 256], "Ag"), Some(JwkError::Malformed)),
            (json!("text"), Some(JwkError::Malformed)),
        ] {
            assert_eq!(VerificationKey::from_jwk(&jwk).err(), expected, "{jwk}");
        }
        for member in PRIVATE_MEMBERS {
            let jwk = changed(ec(), member, json!("AA"));
            assert_eq!(VerificationKey::from_jwk(&jwk).err(), Some(JwkError::PrivateMember), "{member}");
        }
        let symmetric = json!({"kty": "oct", "k": "AA", "alg": "HS256", "kid": "s"});
        assert_eq!(VerificationKey::from_jwk(&symmetric).err(), Some(JwkError::PrivateMember));
    }
}
