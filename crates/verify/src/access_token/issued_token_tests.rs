//! Tokens as this server issues them: every algorithm, every signer.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::id::{RegionDatabaseId, RegionId, SigningKeyId};
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{FeatureValue, Features, PlanLimits};
use turnkeep_domain::resource::LimitsClaims;
use turnkeep_token::access_token::{ActiveSigner, mint};
use turnkeep_token::claims::{ClaimsTemplate, TokenIssue, TokenSubject};
use turnkeep_token::jwks::JwkSet;
use turnkeep_token::private_key::PrivateKey;
use turnkeep_token::signer::{reference_signer_for, signer_for};

use super::*;

const ISSUER: &str = "https://id.example.com";

fn verified(algorithm: SigningAlgorithm, signers: usize) -> Vec<VerifiedAccessToken> {
    let kid = SigningKeyId::from_bytes([4; 16]);
    let key = PrivateKey::generate(algorithm).unwrap();
    let jwks = JwkSet::new([key.public_jwk(kid).unwrap()]);
    let keys = KeySet::from_jwks(jwks.as_bytes()).unwrap();
    let audience = Audience::parse("TrueParser.API").unwrap();
    let verifier = AccessTokenVerifier::new(ISSUER).with_audience(audience.clone());

    let client_id = ClientId::parse("com.vendor/app").unwrap();
    let scopes = ScopeSet::parse("read update").unwrap();
    let placement = placement();
    let allowed_domains = AllowedDomains::parse_slots(["myapp.com", "", "localhost:3000"]).unwrap();
    let (plan_code, limits) = (Slug::parse("pro").unwrap(), limits());
    let issued_at = Timestamp::from_micros(1_795_000_000_400_000);
    let template = ClaimsTemplate::new(&TokenSubject {
        iss: ISSUER,
        sub: client_id.as_str(),
        audience: &audience,
        client_id: &client_id,
        scopes: &scopes,
        tenant_id: TenantId::from_bytes([1; 16]),
        app_id: AppId::from_bytes([2; 16]),
        placement: &placement,
        allowed_domains: &allowed_domains,
        plan: Some((&plan_code, &limits, LimitsClaims::Both)),
        person: None,
    })
    .unwrap();
    let issue = TokenIssue {
        issued_at,
        lifetime: Duration::from_secs(900),
        token_id: TokenId::from_bytes([3; 16]),
        sequence: ChangeSequence::from_number(42),
        secret_id: Some(SecretId::from_bytes([5; 16])),
    };
    [signer_for(&key).unwrap(), reference_signer_for(&key).unwrap()]
        .into_iter()
        .take(signers)
        .map(|signer| mint(&ActiveSigner::with_signer(kid, signer), &template, &issue).unwrap())
        .inspect(|token| {
            let header = token.split('.').next().unwrap();
            assert!(keys.find_by_usual_header(header).is_some(), "{algorithm}: what the signer writes");
        })
        .map(|token| verifier.verify(&keys, &token, issued_at).unwrap())
        .collect()
}

fn placement() -> Placement {
    Placement::Placed {
        region_id: RegionId::from_bytes([0; 16]),
        region_code: Slug::parse("eu-west").unwrap(),
        database_id: RegionDatabaseId::from_bytes([0; 16]),
        db_code: DbCode::parse("EU1").unwrap(),
    }
}

fn limits() -> PlanLimits {
    let features = BTreeMap::from([("ocr".to_owned(), FeatureValue::Flag(true))]);
    PlanLimits {
        document_units: DocumentUnitLimits::new(Some(100), None, None, None).unwrap(),
        requests_per_minute: Some(10),
        features: Features::new(features).unwrap(),
    }
}

fn limits_claim() -> Value {
    json!({
        "plan": "pro",
        "document_units": {"hour": 100},
        "requests_per_minute": 10,
        "features": {"ocr": true},
    })
}

#[test]
fn both_signers_make_tokens_of_every_algorithm_that_verify() {
    for algorithm in SigningAlgorithm::ALL {
        let tokens = verified(algorithm, 2);
        assert_eq!(tokens.len(), 2, "{algorithm}");
        assert!(tokens.iter().all(|token| token.client_id.as_str() == "com.vendor/app"), "{algorithm}");
    }
}

#[test]
fn every_claim_comes_through_with_its_type() {
    let tokens = verified(SigningAlgorithm::EdDsa, 1);
    let expected = VerifiedAccessToken {
        key_id: SigningKeyId::from_bytes([4; 16]).to_string(),
        subject: "com.vendor/app".to_owned(),
        audience: Audience::parse("TrueParser.API").unwrap(),
        client_id: ClientId::parse("com.vendor/app").unwrap(),
        scopes: ScopeSet::parse("read update").unwrap(),
        issued_at: Timestamp::from_secs(1_795_000_000),
        not_before: Timestamp::from_secs(1_795_000_000),
        expires_at: Timestamp::from_secs(1_795_000_900),
        token_id: TokenId::from_bytes([3; 16]),
        tenant_id: TenantId::from_bytes([1; 16]),
        app_id: AppId::from_bytes([2; 16]),
        person: None,
        secret_id: Some(SecretId::from_bytes([5; 16])),
        license_region: Some(Slug::parse("eu-west").unwrap()),
        db_code: Some(DbCode::parse("EU1").unwrap()),
        allowed_domains: AllowedDomains::parse_slots(["myapp.com", "", "localhost:3000"]).unwrap(),
        limits: tokens[0].limits.clone(),
        entitlements: tokens[0].entitlements.clone(),
        sequence: ChangeSequence::from_number(42),
    };
    assert_eq!(tokens, [expected]);
    for claim in [&tokens[0].limits, &tokens[0].entitlements] {
        assert_eq!(claim.as_ref().and_then(LimitsClaim::to_value), Some(limits_claim()));
    }
    let plan_limits = tokens[0].plan_limits().unwrap().unwrap();
    assert_eq!((plan_limits.plan.as_str(), plan_limits.allowed), ("pro", limits()));
}
