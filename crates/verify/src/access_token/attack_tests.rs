//! Tokens that must be refused, and for which reason.

use aws_lc_rs::hmac;
use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};
use serde_json::{Value, json};
use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_domain::user::UserKind;

use super::*;
use crate::sample_issuer::*;
use TokenRejection::*;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

fn payload() -> String {
    claims().to_string()
}

#[test]
fn the_sample_itself_is_accepted() {
    let issuer = SampleIssuer::new();
    let token = issuer.verify(&issuer.token(HEADER, &payload()), at(NOW)).unwrap();
    assert_eq!(token.subject, "app");
    assert_eq!(token.sequence, ChangeSequence::from_number(7));
}

#[test]
fn headers() {
    let issuer = SampleIssuer::new();
    let with = |alg: &str| format!(r#"{{"alg":{alg},"typ":"at+jwt","kid":"k1"}}"#);
    let extra = |member: &str| format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"k1",{member}}}"#);
    let typ = |typ: &str| format!(r#"{{"alg":"ES256","typ":{typ},"kid":"k1"}}"#);
    let kid = |kid: &str| format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":{kid}}}"#);
    for (header, expected) in [
        (HEADER.to_owned(), None),
        (typ(r#""AT+JWT""#), None),
        (typ(r#""application/at+jwt""#), None),
        (extra(r#""x-unknown":1"#), None),
        (with(r#""none""#), Some(AlgorithmNotAllowed)),
        (with(r#""None""#), Some(AlgorithmNotAllowed)),
        (with(r#""nOnE""#), Some(AlgorithmNotAllowed)),
        (with(r#""""#), Some(AlgorithmNotAllowed)),
        (with("null"), Some(AlgorithmNotAllowed)),
        (with(r#"["ES256"]"#), Some(AlgorithmNotAllowed)),
        (with(r#""es256""#), Some(AlgorithmNotAllowed)),
        (with(r#""HS256""#), Some(AlgorithmNotAllowed)),
        (with(r#""ES384""#), Some(AlgorithmNotAllowed)),
        (with(r#""dir""#), Some(AlgorithmNotAllowed)),
        (r#"{"typ":"at+jwt","kid":"k1"}"#.to_owned(), Some(AlgorithmNotAllowed)),
        (with(r#""RS256""#), Some(KeyAlgorithmMismatch)),
        (with(r#""EdDSA""#), Some(KeyAlgorithmMismatch)),
        (typ(r#""JWT""#), Some(WrongType)),
        (typ(r#""logout+jwt""#), Some(WrongType)),
        (typ(r#""dpop+jwt""#), Some(WrongType)),
        (typ(r#""secevent+jwt""#), Some(WrongType)),
        (typ(r#""at+jwt ""#), Some(WrongType)),
        (typ(r#"["at+jwt"]"#), Some(WrongType)),
        (r#"{"alg":"ES256","kid":"k1"}"#.to_owned(), Some(WrongType)),
        (kid(r#""k2""#), Some(UnknownKey)),
        (kid(r#""K1""#), Some(UnknownKey)),
        (kid(r#""../../etc/passwd""#), Some(UnknownKey)),
        (kid(r#""' OR 1=1 --""#), Some(UnknownKey)),
        (kid(r#""k1\u0000""#), Some(UnknownKey)),
        (kid(r#""""#), Some(UnknownKey)),
        (kid(r#"["k1"]"#), Some(UnknownKey)),
        (kid("1"), Some(UnknownKey)),
        (r#"{"alg":"ES256","typ":"at+jwt"}"#.to_owned(), Some(UnknownKey)),
        (kid(&format!(r#""{}""#, "k".repeat(1 << 20))), Some(TooLong)),
        (extra(r#""crit":[]"#), Some(ForbiddenHeader)),
        (extra(r#""crit":["exp"],"exp":1"#), Some(ForbiddenHeader)),
        (extra(r#""crit":null"#), Some(ForbiddenHeader)),
        (extra(r#""b64":false"#), Some(ForbiddenHeader)),
        (extra(r#""b64":true"#), Some(ForbiddenHeader)),
        (extra(r#""zip":"DEF""#), Some(ForbiddenHeader)),
        (extra(r#""enc":"A256GCM""#), Some(ForbiddenHeader)),
        (extra(r#""jku":"http://169.254.169.254/""#), Some(ForbiddenHeader)),
        (extra(r#""x5u":"https://attacker.example/""#), Some(ForbiddenHeader)),
        (extra(r#""x5c":["AA"]"#), Some(ForbiddenHeader)),
        (extra(&format!(r#""jwk":{}"#, SampleIssuer::new().jwk())), Some(ForbiddenHeader)),
        (extra(r#""alg":"ES256""#), Some(Malformed)),
        (extra(r#""\u0061lg":"none""#), Some(Malformed)),
        (extra(r#""a":1,"a":2"#), Some(Malformed)),
        ("[]".to_owned(), Some(Malformed)),
        ("null".to_owned(), Some(Malformed)),
        (String::new(), Some(Malformed)),
        (format!("{HEADER}{HEADER}"), Some(Malformed)),
    ] {
        let verified = issuer.verify(&issuer.token(&header, &payload()), at(NOW));
        let shown: String = header.chars().take(100).collect();
        assert_eq!(verified.err(), expected, "{shown}");
    }
}

#[test]
fn the_allow_list_narrows_what_keys_allow() {
    let issuer = SampleIssuer::new();
    let verifier = issuer.verifier().with_algorithms(&[SigningAlgorithm::EdDsa]);
    assert_eq!(
        verifier.verify(&issuer.keys(), &issuer.token(HEADER, &payload()), at(NOW)).err(),
        Some(AlgorithmNotAllowed)
    );
}

#[test]
fn signatures() {
    let issuer = SampleIssuer::new();
    let input = signing_input(HEADER, &payload());
    let good = issuer.token(HEADER, &payload());
    let encoded_good = good.rsplit('.').next().unwrap();
    let good_bytes = BASE64URL_NOPAD.decode(encoded_good.as_bytes()).unwrap();
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let order = data_encoding::HEXLOWER.decode(order.as_bytes()).unwrap();
    let one = [[0; 31].as_slice(), &[1]].concat();
    let mut flipped = good_bytes.clone();
    flipped[63] ^= 1;
    // R || S as an ASN.1 sequence, which is not the form of RFC 7518 §3.4.
    let asn1 = [&[0x30, 0x44, 2, 32], &good_bytes[..32], &[2, 32], &good_bytes[32..]].concat();
    for (name, signature) in [
        ("empty", Vec::new()),
        ("r = s = 0", vec![0; 64]),
        ("r = 0", [&[0; 32], &good_bytes[32..]].concat()),
        ("s = 0", [&good_bytes[..32], &[0; 32]].concat()),
        ("r = s = n", [order.clone(), order.clone()].concat()),
        ("r = 1, s = n", [one.clone(), order].concat()),
        ("r = s = 1", [one.clone(), one].concat()),
        ("one bit flipped", flipped),
        ("63 bytes", good_bytes[..63].to_vec()),
        ("65 bytes", [&good_bytes, [0].as_slice()].concat()),
        ("96 bytes", vec![1; 96]),
        ("128 bytes", good_bytes.repeat(2)),
        ("halves swapped", [&good_bytes[32..], &good_bytes[..32]].concat()),
        ("as ASN.1", asn1),
    ] {
        let token = format!("{input}.{}", BASE64URL_NOPAD.encode(&signature));
        assert_eq!(issuer.verify(&token, at(NOW)).err(), Some(BadSignature), "{name}");
    }
    let other = SampleIssuer::new().token(HEADER, &payload());
    assert_eq!(issuer.verify(&other, at(NOW)).err(), Some(BadSignature), "another issuer's k1");
    let moved = format!("{}.{encoded_good}", signing_input(HEADER, &claims_with(&json!({"seq": 8}))));
    assert_eq!(issuer.verify(&moved, at(NOW)).err(), Some(BadSignature), "of other claims");
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let issuer = SampleIssuer::new();
    let jwk = issuer.jwk().to_string();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        BASE64.encode(issuer.public_point())
    );
    let x = issuer.jwk()["x"].as_str().unwrap().to_owned();
    for secret in [jwk.as_bytes(), pem.as_bytes(), issuer.public_point(), x.as_bytes(), b""] {
        for alg in ["HS256", "ES256"] {
            let header = format!(r#"{{"alg":"{alg}","typ":"at+jwt","kid":"k1"}}"#);
            let input = signing_input(&header, &payload());
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
            let token = format!("{input}.{}", BASE64URL_NOPAD.encode(tag.as_ref()));
            let expected = if alg == "HS256" { AlgorithmNotAllowed } else { BadSignature };
            assert_eq!(issuer.verify(&token, at(NOW)).err(), Some(expected));
        }
    }
}

#[test]
fn encodings() {
    let issuer = SampleIssuer::new();
    let good = issuer.token(HEADER, &payload());
    let parts: Vec<&str> = good.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let padded = |text: &str| BASE64URL.encode(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap());
    // 64 bytes leave four unused bits in the last character.
    let stray_bits = {
        let (rest, last) = signature.split_at(signature.len() - 1);
        let next = char::from(last.as_bytes()[0] + 1);
        format!("{rest}{next}")
    };
    for (name, token) in [
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("one part", header.to_owned()),
        ("two parts", format!("{header}.{payload}")),
        ("four parts", format!("{good}.")),
        ("five parts, as a JWE", format!("{header}.{payload}.{payload}.{payload}.{signature}")),
        ("leading dot", format!(".{good}")),
        ("padded header", format!("{}.{payload}.{signature}", padded(header) + "=")),
        ("padded signature", format!("{header}.{payload}.{}", padded(signature))),
        ("stray bits", format!("{header}.{payload}.{stray_bits}")),
        ("white space around", format!(" {good}")),
        ("line end", format!("{good}\n")),
        ("NUL", format!("{good}\0")),
        ("not base64url", format!("{header}.{payload}.+/{signature}")),
        ("not ASCII", format!("{header}.{payload}.é{signature}")),
        ("JSON serialisation", format!(r#"{{"payload":"{payload}","protected":"{header}"}}"#)),
        ("Bearer", format!("Bearer {good}")),
    ] {
        assert_eq!(issuer.verify(&token, at(NOW)).err(), Some(Malformed), "{name}");
    }
    let long = format!("{header}.{}.{signature}", "A".repeat(MAX_TOKEN_BYTES));
    assert_eq!(issuer.verify(&long, at(NOW)).err(), Some(TooLong));
}

#[test]
fn claims_of_issuer_audience_and_time() {
    let issuer = SampleIssuer::new();
    for (changes, now, expected) in [
        (json!({}), NOW, None),
        (json!({}), NOW + 959, None),
        (json!({}), NOW + 960, Some(Expired)),
        (json!({}), NOW - 60, None),
        (json!({}), NOW - 61, Some(NotYetValid)),
        (json!({"nbf": NOW + 61}), NOW, Some(NotYetValid)),
        (json!({"iat": NOW + 61}), NOW, Some(NotYetValid)),
        (json!({"exp": 0}), NOW, Some(Expired)),
        (json!({"exp": i64::MIN}), NOW, Some(Expired)),
        (json!({"nbf": i64::MAX}), NOW, Some(NotYetValid)),
        (json!({"iss": "https://id.example.com/i/acme/"}), NOW, Some(WrongIssuer)),
        (json!({"iss": "https://ID.example.com/i/acme"}), NOW, Some(WrongIssuer)),
        (json!({"iss": "https://id.example.com/i/other"}), NOW, Some(WrongIssuer)),
        (json!({"aud": ["api"]}), NOW, None),
        (json!({"aud": "API"}), NOW, Some(WrongAudience)),
        (json!({"aud": "other"}), NOW, Some(WrongAudience)),
        (json!({"aud": ["other"]}), NOW, Some(WrongAudience)),
        (json!({"aud": ["api", "other"]}), NOW, Some(MalformedClaims)),
        (json!({"aud": []}), NOW, Some(MalformedClaims)),
        (json!({"aud": null}), NOW, Some(MalformedClaims)),
        (json!({"iss": null}), NOW, Some(MalformedClaims)),
        (json!({"exp": null}), NOW, Some(MalformedClaims)),
        (json!({"exp": "1795000900"}), NOW, Some(MalformedClaims)),
        (json!({"exp": 1e300}), NOW, Some(MalformedClaims)),
    ] {
        let token = issuer.token(HEADER, &claims_with(&changes));
        let verified = issuer.verify(&token, at(now));
        assert_eq!(verified.err(), expected, "{changes} at {}", now - NOW);
    }
}

#[test]
fn at_any_time_means_the_time_and_nothing_else() {
    let issuer = SampleIssuer::new();
    for (changes, expected) in [
        (json!({"exp": 0}), None),
        (json!({"nbf": NOW + 3_600}), None),
        (json!({"exp": 0, "aud": "other"}), Some(WrongAudience)),
        (json!({"exp": 0, "iss": "https://id.example.com/i/other"}), Some(WrongIssuer)),
        (json!({"exp": null}), Some(MalformedClaims)),
    ] {
        let token = issuer.token(HEADER, &claims_with(&changes));
        let verified = issuer.verifier().verify_at_any_time(&issuer.keys(), &token);
        assert_eq!(verified.err(), expected, "{changes}");
    }
    let (token, stranger) = (issuer.token(HEADER, &claims_with(&json!({}))), SampleIssuer::new());
    assert_eq!(stranger.verifier().verify_at_any_time(&stranger.keys(), &token).err(), Some(BadSignature));
}

#[test]
fn rightly_signed_claims_of_another_shape() {
    let issuer = SampleIssuer::new();
    let refused = |payload: &str| {
        let verified = issuer.verify(&issuer.token(HEADER, payload), at(NOW));
        assert_eq!(verified.err(), Some(MalformedClaims), "{payload}");
    };
    for name in ["sub", "client_id", "iat", "nbf", "jti", "tenant_id", "app_id", "seq"] {
        let mut changes = json!({});
        changes[name] = Value::Null;
        refused(&claims_with(&changes));
        changes[name] = json!({});
        refused(&claims_with(&changes));
    }
    for changes in [
        json!({"sub": ""}),
        json!({"client_id": "a b"}),
        json!({"jti": "app_00000000000000000000000003"}),
        json!({"tenant_id": "acme"}),
        json!({"scope": ["read"]}),
        json!({"scope": "a\"b"}),
        json!({"seq": 1.5}),
        json!({"license_region": "EU WEST"}),
        json!({"db_code": ""}),
        json!({"allowed_domain_2": "https://*"}),
        json!({"allowed_domain_1": "a.com", "allowed_domain_2": "a.com"}),
    ] {
        refused(&claims_with(&changes));
    }
    for payload in ["", "[]", "null", "{}", r#""text""#, "{", &format!("{0}{0}", payload())] {
        refused(payload);
    }
    refused(&payload().replacen('{', r#"{"exp":9999999999,"#, 1));
}

#[test]
fn a_person_is_named_in_full_or_not_at_all() {
    let issuer = SampleIssuer::new();
    let person = json!({
        "sub": "usr_00000000000000000000000001",
        "user_kind": "internal",
        "grant_id": "grt_00000000000000000000000006",
        "sid": "ses_00000000000000000000000007",
        "auth_time": NOW - 5,
        "acr": "urn:turnkeep:acr:2",
    });
    let read = |claims: &Value| issuer.verify(&issuer.token(HEADER, &claims_with(claims)), at(NOW));
    let found = read(&person).unwrap().person.unwrap();
    assert_eq!(found.user_id.to_string(), person["sub"]);
    assert_eq!(found.grant_id.to_string(), person["grant_id"]);
    assert_eq!(found.session_id.to_string(), person["sid"]);
    assert_eq!((found.kind, found.authenticated_at), (UserKind::Internal, at(NOW - 5)));
    assert_eq!(found.assurance, Some(AssuranceLevel::TwoFactors));
    let mut later = person.clone();
    later["acr"] = json!("urn:turnkeep:acr:9");
    assert_eq!(read(&later).unwrap().person.unwrap().assurance, None);

    for name in ["user_kind", "grant_id", "sid", "auth_time", "acr"] {
        let mut claims = person.clone();
        claims[name] = Value::Null;
        assert_eq!(read(&claims).err(), Some(MalformedClaims), "without {name}");
    }
    for (name, value) in [
        ("sub", json!("com.vendor/app")),
        ("user_kind", json!("system")),
        ("user_kind", json!("admin")),
        ("grant_id", json!("usr_00000000000000000000000001")),
        ("sid", json!("")),
        ("auth_time", json!("now")),
    ] {
        let mut claims = person.clone();
        claims[name] = value;
        assert_eq!(read(&claims).err(), Some(MalformedClaims), "{name}");
    }
    // Attack 12: a service whose `sub` looks like a user is a service.
    let service = json!({"sub": "usr_00000000000000000000000001"});
    assert_eq!(read(&service).unwrap().person, None);
}

#[test]
fn a_rejection_has_nothing_of_the_token_in_it() {
    let issuer = SampleIssuer::new();
    let header = r#"{"alg":"canary","typ":"at+jwt","kid":"canary"}"#;
    let rejection = issuer.verify(&issuer.token(header, "canary"), at(NOW)).unwrap_err();
    assert!(!format!("{rejection} {rejection:?}").contains("canary"));
}
