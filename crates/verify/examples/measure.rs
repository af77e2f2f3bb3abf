//! Measures what verifying costs beside the bare signature check: `cargo run --release -p turnkeep-verify --example
//! measure`. A token that comes again is also looked up among 1,000 kill marks, and its scopes are checked. Prints
//! ratios; absolute figures are those of the machine.

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use turnkeep_domain::id::AppId;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::time::Timestamp;
use turnkeep_verify::access_token::AccessTokenVerifier;
use turnkeep_verify::key_set::KeySet;
use turnkeep_verify::kill_marks::KillMarks;
use turnkeep_verify::origin::RequestOrigin;
use turnkeep_verify::requirements::AccessRequirements;
use turnkeep_verify::seen_tokens::RememberingVerifier;

type AnyError = Box<dyn std::error::Error>;

const ISSUER: &str = "https://id.example.com";
const NOW: i64 = 1_795_000_000;
const ROUNDS: usize = 40;
const PER_ROUND: usize = 500;

/// Signs a text.
type Sign = Box<dyn Fn(&[u8]) -> Result<Vec<u8>, AnyError>>;

fn main() -> Result<(), AnyError> {
    for (algorithm, jwk, sign) in [es256()?, eddsa()?] {
        measure(algorithm, &jwk, &sign)?;
    }
    Ok(())
}

fn measure(algorithm: &str, jwk: &Value, sign: &Sign) -> Result<(), AnyError> {
    let keys = Arc::new(KeySet::from_value(&json!({ "keys": [jwk] }))?);
    let key = keys.find("k1").ok_or("the key is unusable")?;
    let verifier = AccessTokenVerifier::new(ISSUER).with_audience(Audience::parse("TrueParser.API")?);
    let remembering = RememberingVerifier::new(verifier.clone(), 64 * 1024 * 1024);
    let (marks, read) =
        (kill_marks(algorithm, sign, &keys)?, AccessRequirements::of_scopes(ScopeSet::parse("read")?));
    let token = token(algorithm, sign)?;
    let now = Timestamp::from_secs(NOW);
    let (input, encoded) = token.rsplit_once('.').ok_or("no signature")?;
    let signature = BASE64URL_NOPAD.decode(encoded.as_bytes())?;

    let [mut bare, mut first, mut again] = [Duration::MAX; 3];
    // In turn, and the best round of each: what else the machine does slows all of them down alike.
    for _ in 0..ROUNDS {
        bare = bare.min(time(PER_ROUND, || key.verify(black_box(input.as_bytes()), &signature)));
        first = first.min(time(PER_ROUND, || verifier.verify(&keys, black_box(&token), now).is_ok()));
        again = again.min(time(PER_ROUND * 20, || {
            let verified = remembering.verify(&keys, black_box(&token), now);
            verified.is_ok_and(|token| {
                !marks.is_dead(&token) && read.check(&token, RequestOrigin::Absent).is_ok()
            })
        }));
    }
    let ratio = first.as_secs_f64() / bare.as_secs_f64();
    let per_second = 1.0 / again.as_secs_f64();
    writeln!(
        std::io::stdout(),
        "{algorithm}: signature {bare:.2?}, first sight {first:.2?} ({ratio:.3} of the signature), \
         again {again:.0?} ({per_second:.0}/s on one core)"
    )?;
    Ok(())
}

/// How long one call takes, averaged over so many. Calls that fail would measure something else.
fn time(calls: usize, mut call: impl FnMut() -> bool) -> Duration {
    let begin = Instant::now();
    let right = (0..calls).filter(|_| call()).count();
    let elapsed = begin.elapsed();
    if right == calls { elapsed / u32::try_from(calls).unwrap_or(u32::MAX) } else { Duration::MAX }
}

fn kill_marks(algorithm: &str, sign: &Sign, keys: &KeySet) -> Result<KillMarks, AnyError> {
    let mark = |number: u16| {
        let [high, low] = number.to_be_bytes();
        let id = [high, low, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        json!({"app_id": AppId::from_bytes(id).to_string(), "dead_below": 8})
    };
    let marks: Vec<Value> = (0..1000).map(mark).collect();
    let payload = json!({"iss": ISSUER, "iat": NOW, "seq": 8, "marks": marks, "revoked": []});
    let feed = signed(algorithm, "kill-marks+jwt", &payload, sign)?;
    Ok(KillMarks::verify(ISSUER, &SigningAlgorithm::ALL, keys, &feed)?)
}

fn token(algorithm: &str, sign: &Sign) -> Result<String, AnyError> {
    let limits = json!({
        "plan": "pro",
        "document_units": {"hour": 100, "day": 250, "week": 500, "month": 1000},
        "requests_per_minute": 10,
        "features": {"ocr": true},
    });
    let claims = json!({
        "iss": ISSUER,
        "sub": "com.vendor/app",
        "aud": "TrueParser.API",
        "client_id": "com.vendor/app",
        "scope": "read update",
        "tenant_id": "ten_00000000000000000000000002",
        "app_id": "app_00000000000000000000000003",
        "license_region": "eu-west",
        "db_code": "EU1",
        "allowed_domain_1": "myapp.com",
        "allowed_domain_2": "staging.myapp.com",
        "allowed_domain_3": "localhost:3000",
        "limits": limits,
        "entitlements": limits,
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "jti": "tok_00000000000000000000000001",
        "seq": 7,
        "secret_id": "sec_00000000000000000000000004",
    });
    signed(algorithm, "at+jwt", &claims, sign)
}

fn signed(algorithm: &str, typ: &str, payload: &Value, sign: &Sign) -> Result<String, AnyError> {
    let header = json!({"alg": algorithm, "typ": typ, "kid": "k1"});
    let [header, payload] =
        [&header, payload].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
    let input = format!("{header}.{payload}");
    let signature = sign(input.as_bytes())?;
    Ok(format!("{input}.{}", BASE64URL_NOPAD.encode(&signature)))
}

fn es256() -> Result<(&'static str, Value, Sign), AnyError> {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let point = key.public_key().as_ref().get(1..).ok_or("no point")?;
    let (x, y) = point.split_at_checked(32).ok_or("no point")?;
    let [x, y] = [x, y].map(|coordinate| BASE64URL_NOPAD.encode(coordinate));
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": "ES256", "kid": "k1"});
    Ok(("ES256", jwk, Box::new(move |text| Ok(key.sign(&SystemRandom::new(), text)?.as_ref().to_vec()))))
}

fn eddsa() -> Result<(&'static str, Value, Sign), AnyError> {
    let key = Ed25519KeyPair::generate()?;
    let x = BASE64URL_NOPAD.encode(key.public_key().as_ref());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA", "kid": "k1"});
    Ok(("EdDSA", jwk, Box::new(move |text| Ok(key.sign(text).as_ref().to_vec()))))
}
