//! Requirements, one by one and in their order.

use serde_json::json;
use turnkeep_domain::time::Timestamp;

use super::*;
use crate::sample_issuer::*;

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

#[test]
fn the_first_that_is_not_met_refuses() {
    let issuer = SampleIssuer::new();
    let payload = claims_with(&json!({
        "scope": "read update",
        "license_region": "eu-west",
        "allowed_domain_1": "myapp.com",
    }));
    let token = issuer.verify(&issuer.token(HEADER, &payload), Timestamp::from_secs(NOW)).unwrap();
    let (own, other) = (TenantId::from_bytes([9; 16]), token.tenant_id);
    let region = |code: &str| Slug::parse(code).unwrap();
    let none = AccessRequirements::default;
    let (page, stranger) =
        (RequestOrigin::Sent("https://myapp.com"), RequestOrigin::Sent("https://evil.example"));
    for (requirements, origin, expected) in [
        (none(), RequestOrigin::Absent, None),
        (none(), page, None),
        (none(), stranger, Some(AccessRefusal::OriginNotAllowed)),
        (none().with_origin_rule(OriginRule::Ignored), stranger, None),
        (AccessRequirements::of_scopes(scopes("read")), page, None),
        (AccessRequirements::of_scopes(scopes("update read")), page, None),
        (
            AccessRequirements::of_scopes(scopes("read sec")),
            stranger,
            Some(AccessRefusal::InsufficientScope(scopes("read sec"))),
        ),
        (
            AccessRequirements::of_scopes(scopes("READ")),
            page,
            Some(AccessRefusal::InsufficientScope(scopes("READ"))),
        ),
        (none().with_tenants([own, other]), page, None),
        (none().with_tenants([own]).with_regions([]), stranger, Some(AccessRefusal::WrongTenant)),
        (none().with_tenants([]), page, Some(AccessRefusal::WrongTenant)),
        (none().with_regions([region("eu-west"), region("us")]), page, None),
        (none().with_regions([region("us")]), stranger, Some(AccessRefusal::WrongRegion)),
    ] {
        assert_eq!(requirements.check(&token, origin).err(), expected, "{requirements:?} {origin:?}");
    }
}

#[test]
fn a_token_without_a_region_is_of_no_region() {
    let issuer = SampleIssuer::new();
    let token =
        issuer.verify(&issuer.token(HEADER, &claims().to_string()), Timestamp::from_secs(NOW)).unwrap();
    let requirements = AccessRequirements::default().with_regions([Slug::parse("eu").unwrap()]);
    assert_eq!(requirements.check(&token, RequestOrigin::Absent), Err(AccessRefusal::WrongRegion));
}
