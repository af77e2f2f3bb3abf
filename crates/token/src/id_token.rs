//! ID tokens (OpenID Connect Core §2): who signed in, when and how, for the app that asked. Signed with RS256, which every
//! client has to understand (§3.1.3.7).

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{SessionId, UserId};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::time::Timestamp;

use crate::access_token::{ActiveSigner, MintError, sign_document};

/// What ID tokens are signed with, whatever the access tokens of the instance are.
pub const ID_TOKEN_ALGORITHM: SigningAlgorithm = SigningAlgorithm::Rs256;

/// The `typ` of ID tokens, which is not that of access tokens or logout tokens (RFC 8725 §3.11).
pub const ID_TOKEN_TYPE: &str = "JWT";

/// What an ID token says.
#[derive(Debug, Clone, Copy)]
pub struct IdToken<'a> {
    /// The issuer's URL.
    pub iss: &'a str,
    /// The person.
    pub user_id: UserId,
    /// The app.
    pub client_id: &'a ClientId,
    /// The session in which the person signed in: `sid` (Back-Channel Logout §2.1).
    pub session_id: SessionId,
    /// When and how they did.
    pub authentication: &'a Authentication,
    /// What the app sent to know its own request by; none in a refreshed token (§12.2).
    pub nonce: Option<&'a str>,
    /// The access token that is issued with it, which it is bound to by `at_hash`.
    pub access_token: &'a str,
    /// Now.
    pub issued_at: Timestamp,
    /// How long it lives; counted in whole seconds.
    pub lifetime: Duration,
}

/// The claims in the form and order in which they are written.
#[derive(Serialize)]
struct IdTokenClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    azp: &'a str,
    iat: i64,
    exp: i64,
    auth_time: i64,
    acr: &'static str,
    amr: Vec<&'static str>,
    sid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    at_hash: String,
}

/// Signs an ID token.
pub fn mint_id_token(signer: &ActiveSigner, token: &IdToken<'_>) -> Result<String, MintError> {
    let iat = token.issued_at.as_secs();
    let lifetime = i64::try_from(token.lifetime.as_secs()).unwrap_or(i64::MAX);
    let claims = IdTokenClaims {
        iss: token.iss,
        sub: token.user_id.to_string(),
        aud: token.client_id.as_str(),
        azp: token.client_id.as_str(),
        iat,
        exp: iat.saturating_add(lifetime),
        auth_time: token.authentication.at().as_secs(),
        acr: token.authentication.level().acr(),
        amr: amr(token.authentication),
        sid: token.session_id.to_string(),
        nonce: token.nonce,
        at_hash: at_hash(token.access_token),
    };
    sign_document(signer, ID_TOKEN_TYPE, &claims)
}

/// The methods, and `mfa` where there was more than one (RFC 8176 §2).
fn amr(authentication: &Authentication) -> Vec<&'static str> {
    let mut amr: Vec<&'static str> = authentication.methods().map(AuthenticationMethod::amr).collect();
    if 1 < amr.len() {
        amr.push("mfa");
    }
    amr
}

/// The left half of the hash of the access token (§3.1.3.6); SHA-256, as in the signature.
fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let half = hash.as_ref().first_chunk::<16>();
    half.map(|half| BASE64URL_NOPAD.encode(half)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use josekit::jwk::Jwk;
    use josekit::jws::RS256;
    use serde_json::{Value, json};
    use turnkeep_domain::id::SigningKeyId;

    use super::*;
    use crate::private_key::PrivateKey;

    /// The claims of a token, as another library reads them.
    fn claims(authentication: &Authentication, nonce: Option<&str>) -> Value {
        let kid = SigningKeyId::from_bytes([4; 16]);
        let key = PrivateKey::generate(ID_TOKEN_ALGORITHM).unwrap();
        let client_id = ClientId::parse("com.vendor/app").unwrap();
        let token = IdToken {
            iss: "https://id.example.com",
            user_id: UserId::from_bytes([0; 16]),
            client_id: &client_id,
            session_id: SessionId::from_bytes([0; 16]),
            authentication,
            nonce,
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            issued_at: Timestamp::from_micros(1_795_000_000_999_999),
            lifetime: Duration::from_secs(900),
        };
        let text = mint_id_token(&ActiveSigner::new(kid, &key).unwrap(), &token).unwrap();
        let jwk = Jwk::from_bytes(key.public_jwk(kid).unwrap().as_json()).unwrap();
        let verifier = RS256.verifier_from_jwk(&jwk).unwrap();
        let (payload, header) = josekit::jws::deserialize_compact(&text, &verifier).unwrap();
        assert_eq!(header.token_type(), Some("JWT"));
        assert_eq!(header.key_id(), Some(kid.to_string().as_str()));
        serde_json::from_slice(&payload).unwrap()
    }

    #[test]
    fn an_id_token_says_who_signed_in_when_and_how() {
        let at = Timestamp::from_secs(1_794_999_000);
        let both = Authentication::by(AuthenticationMethod::Password, at).and(AuthenticationMethod::Totp, at);
        assert_eq!(
            claims(&both, Some("n-0S6_WzA2Mj")),
            json!({
                "iss": "https://id.example.com",
                "sub": "usr_00000000000000000000000000",
                "aud": "com.vendor/app",
                "azp": "com.vendor/app",
                "iat": 1_795_000_000,
                "exp": 1_795_000_900,
                "auth_time": 1_794_999_000,
                "acr": "urn:turnkeep:acr:2",
                "amr": ["pwd", "otp", "mfa"],
                "sid": SessionId::from_bytes([0; 16]).to_string(),
                "nonce": "n-0S6_WzA2Mj",
                // The example of OpenID Connect Core, Appendix A.3.
                "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
            })
        );
    }

    #[test]
    fn one_factor_is_said_to_be_one_and_a_nonce_that_was_not_sent_is_absent() {
        let at = Timestamp::from_secs(1_794_999_000);
        for (method, acr, amr) in [
            (AuthenticationMethod::Password, "urn:turnkeep:acr:1", "pwd"),
            (AuthenticationMethod::Passkey, "urn:turnkeep:acr:2", "hwk"),
        ] {
            let claims = claims(&Authentication::by(method, at), None);
            assert_eq!((&claims["acr"], &claims["amr"]), (&json!(acr), &json!([amr])));
            assert_eq!(claims.get("nonce"), None);
        }
    }
}
