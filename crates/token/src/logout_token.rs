//! Logout tokens (OpenID Connect Back-Channel Logout §2.4): an app learns that a session is over. Signed like ID tokens,
//! and of a type of their own, so that neither is ever taken for the other.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{LogoutNoticeId, SessionId, UserId};
use turnkeep_domain::time::Timestamp;

use crate::access_token::{ActiveSigner, MintError, sign_document};

/// The `typ` of logout tokens.
pub const LOGOUT_TOKEN_TYPE: &str = "logout+jwt";

/// How long one lives: two minutes at most are recommended (§2.4).
pub const LOGOUT_TOKEN_LIFETIME: Duration = Duration::from_secs(120);

/// The member of `events` that makes it a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a logout token says.
#[derive(Debug, Clone, Copy)]
pub struct LogoutToken<'a> {
    /// The issuer's URL.
    pub iss: &'a str,
    /// The app that is told.
    pub client_id: &'a ClientId,
    /// Whose session it was.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// Makes it another one than every one before.
    pub id: LogoutNoticeId,
    /// Now.
    pub issued_at: Timestamp,
}

/// The claims; a `nonce` is forbidden (§2.4).
#[derive(Serialize)]
struct LogoutTokenClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    sid: String,
    events: BTreeMap<&'static str, Value>,
}

/// Signs a logout token.
pub fn mint_logout_token(signer: &ActiveSigner, token: &LogoutToken<'_>) -> Result<String, MintError> {
    let claims = LogoutTokenClaims {
        iss: token.iss,
        sub: token.user_id.to_string(),
        aud: token.client_id.as_str(),
        iat: token.issued_at.as_secs(),
        exp: token.issued_at.plus(LOGOUT_TOKEN_LIFETIME).as_secs(),
        jti: token.id.to_string(),
        sid: token.session_id.to_string(),
        events: BTreeMap::from([(EVENT, Value::Object(Map::new()))]),
    };
    sign_document(signer, LOGOUT_TOKEN_TYPE, &claims)
}

#[cfg(test)]
mod tests {
    use josekit::jwk::Jwk;
    use josekit::jws::RS256;
    use serde_json::json;
    use turnkeep_domain::id::SigningKeyId;

    use super::*;
    use crate::id_token::ID_TOKEN_ALGORITHM;
    use crate::private_key::PrivateKey;

    #[test]
    fn a_logout_token_is_what_the_standard_says_and_no_id_token() {
        let kid = SigningKeyId::from_bytes([4; 16]);
        let key = PrivateKey::generate(ID_TOKEN_ALGORITHM).unwrap();
        let client_id = ClientId::parse("com.vendor/app").unwrap();
        let (user_id, session_id) = (UserId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
        let id = LogoutNoticeId::from_bytes([3; 16]);
        let token = LogoutToken {
            iss: "https://id.example.com",
            client_id: &client_id,
            user_id,
            session_id,
            id,
            issued_at: Timestamp::from_secs(1_795_000_000),
        };
        let text = mint_logout_token(&ActiveSigner::new(kid, &key).unwrap(), &token).unwrap();
        let jwk = Jwk::from_bytes(key.public_jwk(kid).unwrap().as_json()).unwrap();
        let verifier = RS256.verifier_from_jwk(&jwk).unwrap();
        let (payload, header) = josekit::jws::deserialize_compact(&text, &verifier).unwrap();
        assert_eq!(header.token_type(), Some("logout+jwt"));
        assert_eq!(
            serde_json::from_slice::<Value>(&payload).unwrap(),
            json!({
                "iss": "https://id.example.com",
                "sub": user_id.to_string(),
                "aud": "com.vendor/app",
                "iat": 1_795_000_000,
                "exp": 1_795_000_120,
                "jti": id.to_string(),
                "sid": session_id.to_string(),
                "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            })
        );
    }
}
