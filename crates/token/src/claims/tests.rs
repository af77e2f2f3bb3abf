//! What is written, byte for byte.

use std::collections::BTreeMap;

use turnkeep_domain::authentication::AuthenticationMethod;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::id::{RegionDatabaseId, RegionId};

use super::*;

struct Sample {
    audience: Audience,
    client_id: ClientId,
    scopes: ScopeSet,
    placement: Placement,
    allowed_domains: AllowedDomains,
    plan_code: Slug,
    limits: PlanLimits,
}

fn sample() -> Sample {
    let features = BTreeMap::from([
        ("ocr".to_owned(), FeatureValue::Flag(true)),
        ("pages".to_owned(), FeatureValue::Number(40)),
        ("tier".to_owned(), FeatureValue::Text("a\"b".to_owned())),
    ]);
    Sample {
        audience: Audience::parse("TrueParser.API").unwrap(),
        client_id: ClientId::parse("com.vendor/app").unwrap(),
        scopes: ScopeSet::parse("parse read").unwrap(),
        placement: Placement::Placed {
            region_id: RegionId::from_bytes([0; 16]),
            region_code: Slug::parse("eu-west").unwrap(),
            database_id: RegionDatabaseId::from_bytes([0; 16]),
            db_code: DbCode::parse("EU1").unwrap(),
        },
        allowed_domains: AllowedDomains::parse_slots(["myapp.com", "", "localhost:3000"]).unwrap(),
        plan_code: Slug::parse("pro").unwrap(),
        limits: PlanLimits {
            document_units: DocumentUnitLimits::new(Some(100), Some(250), None, Some(1000)).unwrap(),
            requests_per_minute: Some(10),
            features: Features::new(features).unwrap(),
        },
    }
}

impl Sample {
    fn subject(&self) -> TokenSubject<'_> {
        TokenSubject {
            iss: "https://id.example.com",
            sub: "com.vendor/app",
            audience: &self.audience,
            client_id: &self.client_id,
            scopes: &self.scopes,
            tenant_id: TenantId::from_bytes([0; 16]),
            app_id: AppId::from_bytes([0; 16]),
            placement: &self.placement,
            allowed_domains: &self.allowed_domains,
            plan: Some((&self.plan_code, &self.limits, LimitsClaims::Both)),
            person: None,
        }
    }
}

fn issue() -> TokenIssue {
    TokenIssue {
        issued_at: Timestamp::from_micros(1_795_000_000_999_999),
        lifetime: Duration::from_secs(900),
        token_id: TokenId::from_bytes([0; 16]),
        sequence: ChangeSequence::from_number(42),
        secret_id: None,
    }
}

/// The payload of a token, without the white space between its two parts.
fn payload(subject: &TokenSubject<'_>, issue: &TokenIssue) -> String {
    let mut claims = String::new();
    issue.write_claims(&mut claims).unwrap();
    let mut encoded = ClaimsTemplate::new(subject).unwrap().as_base64url().to_owned();
    BASE64URL_NOPAD.encode_append(claims.as_bytes(), &mut encoded);
    let decoded = String::from_utf8(BASE64URL_NOPAD.decode(encoded.as_bytes()).unwrap()).unwrap();
    let (common, own) = decoded.split_once(r#""iat":"#).unwrap();
    format!(r#"{}"iat":{own}"#, common.trim_end())
}

fn json(subject: &TokenSubject<'_>) -> String {
    payload(subject, &issue())
}

#[test]
fn the_token_of_a_tenant_app() {
    let limits = r#"{"plan":"pro","document_units":{"hour":100,"day":250,"month":1000},"requests_per_minute":10,"features":{"ocr":true,"pages":40,"tier":"a\"b"}}"#;
    let expected = [
        r#"{"iss":"https://id.example.com","sub":"com.vendor/app","aud":"TrueParser.API","#,
        r#""client_id":"com.vendor/app","scope":"parse read","#,
        r#""tenant_id":"ten_00000000000000000000000000","app_id":"app_00000000000000000000000000","#,
        r#""license_region":"eu-west","db_code":"EU1","#,
        r#""allowed_domain_1":"myapp.com","allowed_domain_3":"localhost:3000","#,
        r#""limits":"#,
        limits,
        r#","entitlements":"#,
        limits,
        r#","iat":1795000000,"nbf":1795000000,"exp":1795000900,"#,
        r#""jti":"tok_00000000000000000000000000","seq":42,"#,
        r#""secret_id":"sec_00000000000000000000000000"}"#,
    ];
    let issue = TokenIssue { secret_id: Some(SecretId::from_bytes([0; 16])), ..issue() };
    assert_eq!(payload(&sample().subject(), &issue), expected.concat());
}

#[test]
fn the_token_of_a_person_says_who_signed_in_and_by_which_grant() {
    let sample = sample();
    let authentication =
        Authentication::by(AuthenticationMethod::Passkey, Timestamp::from_secs(1_794_999_000));
    for (kind, expected) in [(UserKind::Internal, "internal"), (UserKind::Community, "community")] {
        let person = PersonSubject {
            kind,
            grant_id: GrantId::from_bytes([0; 16]),
            session_id: SessionId::from_bytes([0; 16]),
            authentication: &authentication,
        };
        let text = json(&TokenSubject {
            sub: "usr_00000000000000000000000000",
            person: Some(person),
            ..sample.subject()
        });
        let expected = format!(
            r#","user_kind":"{expected}","grant_id":"{}","sid":"{}","auth_time":1794999000,"acr":"urn:turnkeep:acr:2","license_region""#,
            person.grant_id, person.session_id
        );
        assert!(text.contains(&expected), "{text}");
    }
}

#[test]
fn the_two_parts_make_one_object_wherever_the_first_ends() {
    let sample = sample();
    for sub in ["a", "ab", "abc", "abcd", "\"\\\u{1}é"] {
        let text = json(&TokenSubject { sub, ..sample.subject() });
        let claims: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&claims["sub"], &claims["seq"]), (&sub.into(), &42.into()));
    }
}

#[test]
fn what_an_app_does_not_have_is_absent_rather_than_null() {
    let sample = sample();
    let subject = TokenSubject {
        scopes: &ScopeSet::default(),
        placement: &Placement::Unplaced,
        allowed_domains: &AllowedDomains::default(),
        plan: None,
        ..sample.subject()
    };
    let text = json(&subject);
    let claims: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let names: Vec<&str> = claims.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["app_id", "aud", "client_id", "exp", "iat", "iss", "jti", "nbf", "seq", "sub", "tenant_id"]
    );
}

#[test]
fn a_resource_gets_the_limits_under_the_names_it_wants() {
    let sample = sample();
    for (wanted, limits, entitlements) in [
        (LimitsClaims::Limits, true, false),
        (LimitsClaims::Entitlements, false, true),
        (LimitsClaims::Both, true, true),
    ] {
        let plan = Some((&sample.plan_code, &sample.limits, wanted));
        let text = json(&TokenSubject { plan, ..sample.subject() });
        assert_eq!(text.contains(r#""limits":{"#), limits, "{wanted:?}");
        assert_eq!(text.contains(r#""entitlements":{"#), entitlements, "{wanted:?}");
    }
}

#[test]
fn unlimited_is_absent() {
    let sample = sample();
    let limits = PlanLimits {
        document_units: DocumentUnitLimits::default(),
        requests_per_minute: None,
        features: Features::default(),
    };
    let plan = Some((&sample.plan_code, &limits, LimitsClaims::Limits));
    let text = json(&TokenSubject { plan, ..sample.subject() });
    assert!(text.contains(r#""limits":{"plan":"pro","document_units":{},"features":{}},"iat""#), "{text}");
}
