//! How values are written in the trail: in the management API's words, in texts that do not depend on our types.

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::BasicAuthentication;
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_testkit::fixtures::scopes;

use crate::world::World;

fn told(world: &World, action: &str) -> Vec<(String, Option<String>, Option<String>)> {
    let event = world.events(action).remove(0);
    event.changes.into_iter().map(|change| (change.attribute, change.before, change.after)).collect()
}

#[test]
fn every_attribute_of_an_app_is_told_before_and_after() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let uris = |text: &str| Some(RedirectUris::parse_list([text]).unwrap());
    world.update(
        &app,
        &AppChanges {
            allowed_domains: Some(AllowedDomains::parse_slots(["a.example", "b.example"]).unwrap()),
            login_redirect_uris: uris("https://a.example/in"),
            logout_redirect_uris: uris("https://a.example/out"),
            sign_in: Some(SignIn::from_flags(true, true)),
            service_access: Some(ServiceAccess::Disabled),
            scopes: Some(scopes("read")),
            reference_tokens: Some(ReferenceTokenPolicy::AdministratorsOnly),
            basic_authentication: Some(BasicAuthentication::Allowed),
            pkce: Some(PkceRequirement::Optional),
            backchannel_logout_uri: Some(BackchannelLogoutUri::parse("https://a.example/over").ok()),
            ..AppChanges::default()
        },
    );
    let told = told(&world, "app.update");
    let after = |attribute: &str| {
        let change = told.iter().find(|(name, ..)| name == attribute);
        change.unwrap_or_else(|| panic!("{attribute}: {told:?}")).2.clone()
    };
    for (attribute, expected) in [
        ("allowed_domain_2", "b.example"),
        ("login_redirect_uris", r#"["https://a.example/in"]"#),
        ("logout_redirect_uris", r#"["https://a.example/out"]"#),
        ("sign_in", r#"{"community":true,"internal":true}"#),
        ("service_access", r#"{"as":"none"}"#),
        ("scopes", "read"),
        ("reference_tokens", "administrators_only"),
        ("basic_authentication", "true"),
        ("pkce", "optional"),
        ("backchannel_logout_uri", "https://a.example/over"),
    ] {
        assert_eq!(after(attribute).as_deref(), Some(expected), "{attribute}");
    }
    let before = told.iter().find(|(name, ..)| name == "service_access").unwrap().1.clone();
    assert_eq!(before.as_deref(), Some(r#"{"as":"app"}"#));
}

#[test]
fn plans_and_their_assignments_are_told_as_the_api_shows_them() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let plan = world.plan("pro", PlanPrice::Paid);
    let requests =
        told(&world, "plan.create").into_iter().find(|(name, ..)| name == "token_requests").unwrap().2;
    assert_eq!(requests.as_deref(), Some(r#"{"day":null,"hour":null,"minute":null,"mode":"enforce"}"#));
    let limits = told(&world, "plan.create").into_iter().find(|(name, ..)| name == "limits").unwrap().2;
    let limits: serde_json::Value = serde_json::from_str(&limits.unwrap()).unwrap();
    assert_eq!(limits["document_units"]["hour"], 100);
    assert_eq!(limits["requests_per_minute"], 10);
    world.change_plan(&app, PlanAction::Assign(plan.id));
    world.change_plan(&app, PlanAction::Hold);
    let assignment = |on_hold: bool| Some(format!(r#"{{"on_hold":{on_hold},"plan_id":"{}"}}"#, plan.id));
    assert_eq!(told(&world, "app.assign_plan"), [("plan".to_owned(), None, assignment(false))]);
    assert_eq!(told(&world, "app.hold_plan"), [("plan".to_owned(), assignment(false), assignment(true))]);
}
