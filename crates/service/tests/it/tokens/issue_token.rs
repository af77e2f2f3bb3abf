//! What a token says, and which one an app gets.

use std::time::Duration;

use serde_json::json;
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::user::UserKind;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_instance::switch_instance;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;
use turnkeep_testkit::fixtures::slug;

use crate::world::registry_verbs::API;
use crate::world::token_verbs::{payload, token_denial};
use crate::world::{BASE_URL, World, denial};

#[test]
fn a_token_says_whose_it_is_and_what_for() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let app = world.app(&tenant, "Invoices");
    let issued = world.issue(&app).unwrap();
    assert_eq!(issued.lifetime, Duration::from_secs(900));
    assert_eq!(issued.scopes.to_string(), API);
    let token = issued.access_token.expose();
    let verified = world.verify(token).unwrap();
    let now = world.authority.now();
    assert_eq!(verified.subject, app.client_id);
    assert_eq!(verified.client_id.as_str(), app.client_id);
    assert_eq!(verified.audience.as_str(), API);
    assert_eq!(verified.scopes.to_string(), API);
    assert_eq!((verified.tenant_id, verified.app_id), (tenant.id, app.id));
    assert_eq!(verified.license_region.unwrap().as_str(), "eu-west");
    assert_eq!(verified.db_code.unwrap().as_str(), "EU-1");
    assert_eq!((verified.issued_at, verified.not_before), (now, now));
    assert_eq!(verified.expires_at.since(verified.issued_at), Duration::from_secs(900));
    assert_eq!(payload(token)["iss"], BASE_URL);
    assert_eq!(format!("{:?}", issued.access_token), "AccessToken(…)");
}

#[test]
fn no_two_tokens_have_the_same_id() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let ids = [world.token(&app), world.token(&app)].map(|token| world.verify(&token).unwrap().token_id);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn only_the_filled_slots_of_the_domains_are_claims() {
    let world = World::new();
    let app = world.lone_app("Acme");
    for (slots, expected) in [
        (["", "", ""], json!([null, null, null])),
        (["https://app.example.com/", "", ""], json!(["app.example.com", null, null])),
        (
            ["", "staging.example.com", "http://localhost:3000/"],
            json!([null, "staging.example.com", "localhost:3000"]),
        ),
        (["a.example", "b.example", "c.example"], json!(["a.example", "b.example", "c.example"])),
    ] {
        let allowed_domains = Some(AllowedDomains::parse_slots(slots).unwrap());
        world.update(&app, &AppChanges { allowed_domains, ..AppChanges::default() });
        let claims = payload(&world.token(&app));
        for slot in 0..3 {
            let name = format!("allowed_domain_{}", slot + 1);
            let expected = Some(&expected[slot]).filter(|expected| !expected.is_null());
            assert_eq!(claims.get(&name), expected, "{slots:?} {name}");
        }
    }
}

#[test]
fn an_app_may_have_tokens_of_a_shorter_life() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token_lifetime = Some(TokenLifetime::from_secs(120).unwrap());
    world.update(&app, &AppChanges { token_lifetime, ..AppChanges::default() });
    let issued = world.issue(&app).unwrap();
    let claims = payload(issued.access_token.expose());
    assert_eq!(issued.lifetime, Duration::from_secs(120));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 120);
}

#[test]
fn a_resource_names_the_limits_as_it_wants_them() {
    let world = World::new();
    let plan = world.plan("pro", PlanPrice::Paid);
    let expected = json!({
        "plan": "pro",
        "document_units": {"hour": 100, "day": 250, "week": 500, "month": 1000},
        "requests_per_minute": 10,
        "features": {},
    });
    for (audience, wanted, names) in [
        ("one", LimitsClaims::Limits, ["limits"].as_slice()),
        ("two", LimitsClaims::Entitlements, ["entitlements"].as_slice()),
        ("three", LimitsClaims::Both, ["limits", "entitlements"].as_slice()),
    ] {
        let resource = world.resource(audience, wanted, SigningAlgorithm::Es256);
        world.scope(resource.id, &format!("use.{audience}"), ScopeGrant::AnyApp);
        let app = world.app_with_scopes(&world.tenant(audience), audience, &format!("use.{audience}"));
        let claims = payload(&world.token(&app));
        assert!(claims.get("limits").is_none() && claims.get("entitlements").is_none(), "no plan: {claims}");
        world.change_plan(&app, PlanAction::Assign(plan.id));
        let claims = payload(&world.token(&app));
        for name in ["limits", "entitlements"] {
            assert_eq!(claims.get(name), names.contains(&name).then_some(&expected), "{audience} {name}");
        }
        world.change_plan(&app, PlanAction::Remove);
        let claims = payload(&world.token(&app));
        assert!(
            claims.get("limits").is_none() && claims.get("entitlements").is_none(),
            "taken away: {claims}"
        );
    }
}

#[test]
fn an_app_that_acts_as_a_user_has_the_user_for_its_subject() {
    let world = World::new();
    let user = world.user(UserKind::System, "svc-invoices");
    let app = world.lone_app("Acme");
    let service_access = Some(ServiceAccess::AsUser(user.id));
    world.update(&app, &AppChanges { service_access, ..AppChanges::default() });
    let verified = world.verify(&world.token(&app)).unwrap();
    assert_eq!(verified.subject, user.id.to_string());
    assert_eq!(verified.client_id.as_str(), app.client_id);
}

#[test]
fn scopes_and_resource_select_what_a_token_is_for() {
    let world = World::new();
    let reports = world.resource("https://reports.example", LimitsClaims::Both, SigningAlgorithm::Es256);
    world.scope(reports.id, "reports", ScopeGrant::AnyApp);
    let app = world.app_with_scopes(&world.tenant("Acme"), "Acme", "read update reports");
    for (wanted, audience, expected) in [
        (Some("read"), None, Ok((API, "read"))),
        (Some("update read"), None, Ok((API, "read update"))),
        (Some("reports"), None, Ok(("https://reports.example", "reports"))),
        (None, Some(API), Ok((API, "read update"))),
        (None, Some("https://reports.example"), Ok(("https://reports.example", "reports"))),
        (None, None, Err(TokenDenial::AudienceNotAllowed)),
        (Some("read reports"), None, Err(TokenDenial::AudienceNotAllowed)),
        (Some("reports"), Some(API), Err(TokenDenial::AudienceNotAllowed)),
        (Some("read"), Some("https://unknown.example"), Err(TokenDenial::AudienceNotAllowed)),
        (Some(API), None, Err(TokenDenial::ScopeNotAllowed)),
        (Some("read unknown"), None, Err(TokenDenial::ScopeNotAllowed)),
        (Some(""), None, Err(TokenDenial::ScopeNotAllowed)),
        (None, Some("turnkeep.management"), Err(TokenDenial::ScopeNotAllowed)),
    ] {
        let issued = world.issue_for(&app, wanted, audience);
        match expected {
            Ok((audience, scopes)) => {
                let issued = issued.unwrap();
                let verified = world.verify(issued.access_token.expose()).unwrap();
                assert_eq!(
                    (verified.audience.as_str(), verified.scopes.to_string()),
                    (audience, scopes.to_owned())
                );
                assert_eq!(issued.scopes, verified.scopes);
            }
            Err(expected) => {
                assert_eq!(token_denial(denial(issued)), expected, "{wanted:?} {audience:?}");
            }
        }
    }
}

#[test]
fn an_unknown_issuer_and_a_disabled_one_are_the_same() {
    let world = World::new();
    let other = world.instance("acme");
    let app = other.lone_app("Acme");
    other.token(&app);
    let unknown = World { slug: slug("nobody"), ..other.clone() };
    let unknown = denial(unknown.issue(&app));
    switch_instance(&world.operator(), other.instance_id, InstanceState::Disabled, None).unwrap();
    let disabled = denial(other.issue(&app));
    assert!(matches!(unknown, IssueTokenDenial::UnknownIssuer(_)));
    assert_eq!(disabled, unknown);
}
