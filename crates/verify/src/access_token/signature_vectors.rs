//! Signatures that are malformed by rule (attack 32): every length, every bit, every number at an edge of its group, every
//! other encoding, and public keys as shared secrets in all forms in which they are published.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RsaEncoding, RsaKeyPair,
};
use data_encoding::{BASE64, BASE64_MIME, BASE64URL_NOPAD, HEXLOWER};
use serde_json::json;

use super::*;
use crate::sample_issuer::*;
use crate::verification_key::VerificationKey;
use TokenRejection::*;

/// The orders of the groups (SEC 2 §2.4.2, RFC 8032 §5.1), and the prime of P-256.
const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P256_PRIME: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const ED25519_ORDER: &str = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";

/// What comes before the point in the `SubjectPublicKeyInfo` of a P-256 key (RFC 5480 §2).
const P256_SPKI: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

fn number(hex: &str) -> Vec<u8> {
    HEXLOWER.decode(hex.as_bytes()).unwrap()
}

/// The sum of two numbers of the same length, the most significant byte first, with the carry in front if there is one.
fn sum(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut digits: Vec<u8> = left
        .iter()
        .zip(right)
        .rev()
        .map(|(left, right)| {
            let [high, low] = (u16::from(*left) + u16::from(*right) + carry).to_be_bytes();
            carry = u16::from(high);
            low
        })
        .collect();
    if carry != 0 {
        digits.push(1);
    }
    digits.reverse();
    digits
}

/// Everything that a signature can be turned into without a key.
fn malformed(good: &[u8]) -> Vec<Vec<u8>> {
    let mut made: Vec<Vec<u8>> = (0..good.len()).map(|length| good[..length].to_vec()).collect();
    made.extend((1..good.len()).map(|start| good[start..].to_vec()));
    for length in [1, 2, good.len()] {
        for byte in [0, 1, 0xff] {
            made.push([good, vec![byte; length].as_slice()].concat());
            made.push([vec![byte; length].as_slice(), good].concat());
        }
    }
    made.extend([0, 1, 0x7f, 0x80, 0xff].map(|byte| vec![byte; good.len()]));
    made.push(good.iter().rev().copied().collect());
    made.extend((0..good.len() * 8).map(|bit| {
        let mut flipped = good.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    }));
    made
}

fn part_of(token: &str, index: usize) -> &str {
    token.split('.').nth(index).unwrap()
}

#[track_caller]
fn assert_refused(issuer: &SampleIssuer, input: &str, signature: &[u8], name: &str) {
    let token = format!("{input}.{}", BASE64URL_NOPAD.encode(signature));
    let rejection = issuer.verify(&token, Timestamp::from_secs(NOW)).err();
    let expected = if MAX_TOKEN_BYTES < token.len() { TooLong } else { BadSignature };
    assert_eq!(rejection, Some(expected), "{name}: {}", HEXLOWER.encode(signature));
}

#[test]
fn attack_32_es256_takes_two_numbers_of_32_bytes_in_their_range_and_nothing_else() {
    let issuer = SampleIssuer::new();
    let good = issuer.token(HEADER, &claims().to_string());
    let (input, encoded) = good.rsplit_once('.').unwrap();
    let signature = BASE64URL_NOPAD.decode(encoded.as_bytes()).unwrap();
    for changed in malformed(&signature) {
        assert_refused(&issuer, input, &changed, "by rule");
    }
    let (r, s) = signature.split_at(32);
    let [zero, one] = [0, 1].map(|last| [vec![0; 31], vec![last]].concat());
    let [order, prime, most] = [P256_ORDER, P256_PRIME, &"f".repeat(64)].map(number);
    let [before, after] = [number(&P256_ORDER.replace("2551", "2550")), sum(&order, &one)];
    let edges = [&zero, &one, &before, &order, &after, &prime, &most];
    for left in edges {
        for right in edges {
            assert_refused(&issuer, input, &[left.as_slice(), right].concat(), "edges");
        }
        assert_refused(&issuer, input, &[left.as_slice(), s].concat(), "edge and s");
        assert_refused(&issuer, input, &[r, left.as_slice()].concat(), "r and edge");
    }
    // The same residues, written with more.
    for wide in [[&sum(r, &order), s].concat(), [r, &sum(s, &order)].concat()] {
        assert_refused(&issuer, input, &wide, "not reduced");
    }
    let integer = |number: &[u8], zeros: usize| {
        let content = [vec![0; zeros].as_slice(), number].concat();
        [&[2, u8::try_from(content.len()).unwrap()], content.as_slice()].concat()
    };
    for zeros in 0..3 {
        let content = [integer(r, zeros), integer(s, zeros)].concat();
        let length = u8::try_from(content.len()).unwrap();
        for prefix in
            [vec![0x30, length], vec![0x30, 0x81, length], vec![0x30, 0x82, 0, length], vec![0x30, 0x80]]
        {
            assert_refused(&issuer, input, &[prefix.as_slice(), &content].concat(), "ASN.1");
            assert_refused(
                &issuer,
                input,
                &[prefix.as_slice(), &content, &[0, 0]].concat(),
                "ASN.1 with an end",
            );
        }
    }
}

#[test]
fn attack_32_a_published_key_is_no_shared_secret_in_any_of_its_forms() {
    let issuer = SampleIssuer::new();
    let point = issuer.public_point();
    let der = [number(P256_SPKI).as_slice(), point].concat();
    let body = BASE64.encode(&der);
    let (first, rest) = body.split_at(64);
    let lines = BASE64_MIME.encode(&der);
    let mut secrets =
        vec![der, point.to_vec(), point[1..].to_vec(), point[1..33].to_vec(), point[33..].to_vec()];
    let (begin, end) = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----");
    for body in [format!("{first}\n{rest}"), body.clone(), lines.trim_end().to_owned()] {
        for line_end in ["\n", "\r\n"] {
            let pem = format!("{begin}{line_end}{body}{line_end}{end}");
            secrets.extend([pem.clone().into_bytes(), format!("{pem}{line_end}").into_bytes()]);
        }
    }
    let jwk = issuer.jwk();
    let thumbprint = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
    let key_set = json!({ "keys": [jwk] });
    for text in
        [jwk.to_string(), serde_json::to_string_pretty(&jwk).unwrap(), thumbprint, key_set.to_string(), body]
    {
        secrets.push(text.into_bytes());
    }
    secrets.extend([Vec::new(), vec![0], b"k1".to_vec()]);
    for secret in &secrets {
        for (alg, algorithm) in
            [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
        {
            for (named, expected) in [(alg, AlgorithmNotAllowed), ("ES256", BadSignature)] {
                let header = format!(r#"{{"alg":"{named}","typ":"at+jwt","kid":"k1"}}"#);
                let input = signing_input(&header, &claims().to_string());
                let tag = hmac::sign(&hmac::Key::new(algorithm, secret), input.as_bytes());
                let token = format!("{input}.{}", BASE64URL_NOPAD.encode(tag.as_ref()));
                assert_eq!(issuer.verify(&token, Timestamp::from_secs(NOW)).err(), Some(expected), "{alg}");
            }
        }
    }
}

#[test]
fn attack_32_each_character_of_a_token_counts() {
    let issuer = SampleIssuer::new();
    let good = issuer.token(HEADER, &claims().to_string());
    let at = Timestamp::from_secs(NOW);
    assert!(issuer.verify(&good, at).is_ok());
    for (index, character) in good.char_indices() {
        let (before, rest) = good.split_at(index);
        let after = rest.strip_prefix(character).unwrap();
        let changed = if character == 'A' { "B" } else { "A" };
        for other in ["", "=", ".", " ", "\n", "+", "/", "%41", "\u{0}", changed] {
            let token = format!("{before}{other}{after}");
            assert!(token == good || issuer.verify(&token, at).is_err(), "{index}: {other:?}");
        }
    }
    for part in 0..3 {
        let others = (0..3).map(|index| if index == part { "" } else { part_of(&good, index) });
        assert!(issuer.verify(&others.collect::<Vec<_>>().join("."), at).is_err());
    }
}

#[test]
fn attack_32_ed25519_takes_one_form_of_each_signature() {
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = BASE64URL_NOPAD.encode(pair.public_key().as_ref());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA", "kid": "k1"});
    let (key, message) = (VerificationKey::from_jwk(&jwk).unwrap(), b"message".as_slice());
    let signature = pair.sign(message).as_ref().to_vec();
    assert!(key.verify(message, &signature));
    for changed in malformed(&signature) {
        assert!(!key.verify(message, &changed), "{}", HEXLOWER.encode(&changed));
    }
    // The same number with the order of the group added once and more often (RFC 8032 §5.1.7).
    let (r, s) = signature.split_at(32);
    let order = number(ED25519_ORDER);
    let mut grown: Vec<u8> = s.iter().rev().copied().collect();
    for _ in 0..8 {
        grown = sum(&grown, &order);
        let little: Vec<u8> = grown.iter().rev().copied().collect();
        assert!(!key.verify(message, &[r, little.as_slice()].concat()));
    }
    assert!(!key.verify(b"messagf", &signature) && !key.verify(b"", &signature));
}

#[test]
fn attack_32_rsa_takes_one_padding_of_one_hash() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let modulus = pair.public_key().modulus().big_endian_without_leading_zero().to_vec();
    let message = b"message".as_slice();
    let signed = |encoding: &'static dyn RsaEncoding| {
        let mut signature = vec![0; modulus.len()];
        pair.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    };
    let encodings: [(&str, &'static dyn RsaEncoding); 5] = [
        ("RS256", &RSA_PKCS1_SHA256),
        ("PS256", &RSA_PSS_SHA256),
        ("RS384", &RSA_PKCS1_SHA384),
        ("RS512", &RSA_PKCS1_SHA512),
        ("PS384", &RSA_PSS_SHA384),
    ];
    for alg in ["RS256", "PS256"] {
        let n = BASE64URL_NOPAD.encode(&modulus);
        let jwk = json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": alg, "kid": "k1"});
        let key = VerificationKey::from_jwk(&jwk).unwrap();
        for (name, encoding) in encodings {
            assert_eq!(key.verify(message, &signed(encoding)), name == alg, "{name} at {alg}");
        }
        let good = signed(if alg == "RS256" { &RSA_PKCS1_SHA256 } else { &RSA_PSS_SHA256 });
        for changed in malformed(&good) {
            assert!(!key.verify(message, &changed), "{alg}");
        }
        let one = [vec![0; modulus.len() - 1], vec![1]].concat();
        for edge in [&one, &modulus, &sum(&modulus, &one), &sum(&good, &modulus)] {
            assert!(!key.verify(message, edge), "{alg}");
        }
    }
}
