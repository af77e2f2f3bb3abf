//! ID tokens as this server issues them, and everything else of its that is none.

use std::time::Duration;

use serde_json::{Value, json};
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::id::{LogoutNoticeId, SigningKeyId};
use turnkeep_domain::time::Timestamp;
use turnkeep_token::access_token::{ActiveSigner, sign_document};
use turnkeep_token::id_token::{ID_TOKEN_ALGORITHM, IdToken, mint_id_token};
use turnkeep_token::jwks::JwkSet;
use turnkeep_token::logout_token::{LogoutToken, mint_logout_token};
use turnkeep_token::private_key::PrivateKey;

use super::*;

const ISSUER: &str = "https://id.example.com";
const USER: UserId = UserId::from_bytes([1; 16]);
const SESSION: SessionId = SessionId::from_bytes([2; 16]);

struct Issuer {
    signer: ActiveSigner,
    keys: KeySet,
}

fn issuer(algorithm: SigningAlgorithm) -> Issuer {
    let kid = SigningKeyId::from_bytes([4; 16]);
    let key = PrivateKey::generate(algorithm).unwrap();
    let keys = KeySet::from_jwks(JwkSet::new([key.public_jwk(kid).unwrap()]).as_bytes()).unwrap();
    Issuer { signer: ActiveSigner::new(kid, &key).unwrap(), keys }
}

fn claims() -> Value {
    json!({"iss": ISSUER, "sub": USER.to_string(), "aud": "app", "sid": SESSION.to_string(), "exp": 1})
}

#[test]
fn an_id_token_that_expired_long_ago_still_says_who_was_meant() {
    let issuer = issuer(ID_TOKEN_ALGORITHM);
    let authentication = Authentication::by(AuthenticationMethod::Password, Timestamp::from_secs(1));
    let client_id = ClientId::parse("app").unwrap();
    let token = mint_id_token(
        &issuer.signer,
        &IdToken {
            iss: ISSUER,
            user_id: USER,
            client_id: &client_id,
            session_id: SESSION,
            authentication: &authentication,
            nonce: None,
            access_token: "a.b.c",
            issued_at: Timestamp::from_secs(1),
            lifetime: Duration::from_secs(1),
        },
    )
    .unwrap();
    let verified = verify_id_token_at_any_time(ISSUER, &issuer.keys, &token).unwrap();
    assert_eq!(verified, VerifiedIdToken { user_id: USER, client_id, session_id: SESSION });
    let elsewhere = verify_id_token_at_any_time("https://id.example.com/i/b", &issuer.keys, &token);
    assert_eq!(elsewhere, Err(TokenRejection::WrongIssuer));
    let stranger = self::issuer(ID_TOKEN_ALGORITHM);
    let forged = verify_id_token_at_any_time(ISSUER, &stranger.keys, &token);
    assert_eq!(forged, Err(TokenRejection::BadSignature));
    let cut = token.rsplit_once('.').unwrap().0;
    let unsigned = verify_id_token_at_any_time(ISSUER, &issuer.keys, &format!("{cut}."));
    assert_eq!(unsigned, Err(TokenRejection::BadSignature));
}

#[test]
fn attack_36_no_other_token_of_the_issuer_is_an_id_token() {
    let issuer = issuer(ID_TOKEN_ALGORITHM);
    for (typ, expected) in [
        ("JWT", None),
        ("at+jwt", Some(TokenRejection::WrongType)),
        ("logout+jwt", Some(TokenRejection::WrongType)),
        ("kill-marks+jwt", Some(TokenRejection::WrongType)),
        ("secevent+jwt", Some(TokenRejection::WrongType)),
    ] {
        let token = sign_document(&issuer.signer, typ, &claims()).unwrap();
        assert_eq!(verify_id_token_at_any_time(ISSUER, &issuer.keys, &token).err(), expected, "{typ}");
    }
    let client_id = ClientId::parse("app").unwrap();
    let logout = LogoutToken {
        iss: ISSUER,
        client_id: &client_id,
        user_id: USER,
        session_id: SESSION,
        id: LogoutNoticeId::from_bytes([3; 16]),
        issued_at: Timestamp::from_secs(1),
    };
    let token = mint_logout_token(&issuer.signer, &logout).unwrap();
    let verified = verify_id_token_at_any_time(ISSUER, &issuer.keys, &token);
    assert_eq!(verified, Err(TokenRejection::WrongType));
}

#[test]
fn only_what_id_tokens_are_signed_with_counts() {
    for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::EdDsa, SigningAlgorithm::Ps256] {
        let issuer = issuer(algorithm);
        let token = sign_document(&issuer.signer, "JWT", &claims()).unwrap();
        let verified = verify_id_token_at_any_time(ISSUER, &issuer.keys, &token);
        assert_eq!(verified, Err(TokenRejection::AlgorithmNotAllowed), "{algorithm}");
    }
}

#[test]
fn claims_of_another_shape_are_refused() {
    let issuer = issuer(ID_TOKEN_ALGORITHM);
    for (name, value) in [
        ("sub", json!("app_00000000000000000000000003")),
        ("sub", json!("com.vendor/app")),
        ("sub", Value::Null),
        ("aud", json!(["app"])),
        ("aud", json!("a b")),
        ("sid", Value::Null),
        ("sid", json!("usr_00000000000000000000000003")),
    ] {
        let mut claims = claims();
        claims[name] = value;
        let token = sign_document(&issuer.signer, "JWT", &claims).unwrap();
        let verified = verify_id_token_at_any_time(ISSUER, &issuer.keys, &token);
        assert_eq!(verified, Err(TokenRejection::MalformedClaims), "{claims}");
    }
    let endless = "x".repeat(MAX_TOKEN_BYTES + 1);
    let verified = verify_id_token_at_any_time(ISSUER, &issuer.keys, &endless);
    assert_eq!(verified, Err(TokenRejection::TooLong));
}
