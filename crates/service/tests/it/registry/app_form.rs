//! What a page asks before an app is made: where it could go, whether its name is free, and what it will get tokens for.

use turnkeep_domain::membership::Role;
use turnkeep_domain::region::Availability;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_policy::choose_region_database::PlacementDenial;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::create_app::{CreateAppCommand, RegionChoice, create_app};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::judge_new_app::judge_new_app;
use turnkeep_service::registry::list_token_targets::list_token_targets;
use turnkeep_service::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, update_region, update_region_database,
};
use turnkeep_service::registry::manage_tenant::{TenantChanges, TenantStep, update_tenant};
use turnkeep_service::registry::offer_regions::offer_regions;
use turnkeep_testkit::fixtures::{name, scopes, slug};

use crate::world::registry_verbs::API;
use crate::world::{World, denial};

#[test]
fn regions_are_offered_with_the_reason_for_which_making_an_app_there_fails() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let closed = world.region("closed");
    world.database(&closed, "CLOSED", 10);
    let availability = Some(Availability::Inactive);
    let changes = RegionChanges { availability, ..RegionChanges::default() };
    update_region(&world.operator(), closed.id, &changes, None).unwrap();
    world.region("empty");
    let off = world.region("off");
    let database = world.database(&off, "OFF", 10);
    let changes = RegionDatabaseChanges { availability, ..RegionDatabaseChanges::default() };
    update_region_database(&world.operator(), off.id, database.id, &changes, None).unwrap();
    let full = world.region("full");
    world.database(&full, "FULL", 1);
    let region = RegionChoice::Code(slug("full"));
    world.create(&CreateAppCommand { region, ..world.command(&tenant, "First") });

    let developer = world.tenant_caller(tenant.id, Role::Developer);
    let offers = offer_regions(&developer).unwrap();
    let mut told: Vec<_> = offers.iter().map(|offer| (offer.region.code.as_str(), offer.denial)).collect();
    told.sort_by_key(|(code, _)| *code);
    assert_eq!(
        told,
        [
            ("closed", Some(PlacementDenial::RegionInactive)),
            ("empty", Some(PlacementDenial::NoActiveDatabase)),
            ("eu-west", None),
            ("full", Some(PlacementDenial::NoRoom)),
            ("off", Some(PlacementDenial::NoActiveDatabase)),
        ]
    );
    for (code, expected) in told {
        let region = RegionChoice::Code(slug(code));
        let command = CreateAppCommand { region, ..world.command(&tenant, &format!("In {code}")) };
        let created = create_app(&developer, &command);
        match expected {
            Some(expected) => assert_eq!(denial(created), RegistryDenial::Placement(expected)),
            None => assert!(created.is_ok(), "{code}"),
        }
    }
}

#[test]
fn a_new_app_is_judged_as_making_it_would_be() {
    let world = World::new();
    let (tenant, other) = (world.tenant("Acme"), world.tenant("Bolt"));
    world.app(&tenant, "Orders");
    let developer = world.tenant_caller(tenant.id, Role::Developer);
    let judged = |text: Option<&str>| judge_new_app(&developer, tenant.id, text.map(name).as_ref());
    assert!(judged(None).is_ok());
    assert!(judged(Some("Billing")).is_ok());
    let taken = RegistryDenial::AppCreation(AppCreationDenial::NameTaken);
    for text in ["Orders", "ORDERS", " orders "] {
        assert_eq!(denial(judged(Some(text))), taken, "{text}");
    }
    // The name is another tenant's business.
    assert!(judge_new_app(&world.operator(), other.id, Some(&name("Orders"))).is_ok());

    let limit = AppLimit::new(1).unwrap();
    let changes = TenantChanges { app_limit: Some(limit), ..TenantChanges::default() };
    update_tenant(&world.operator(), tenant.id, &changes, None).unwrap();
    let reached = RegistryDenial::AppCreation(AppCreationDenial::AppLimitReached { limit });
    assert_eq!(denial(judged(None)), reached);
    world.step_tenant(tenant.id, TenantStep::Suspend);
    assert_eq!(denial(judged(None)), RegistryDenial::AppCreation(AppCreationDenial::TenantNotUsable));
}

#[test]
fn nobody_learns_anything_who_makes_no_apps() {
    let world = World::new();
    let (tenant, other) = (world.tenant("Acme"), world.tenant("Bolt"));
    let auditor = world.tenant_caller(tenant.id, Role::Auditor);
    let forbidden = RegistryDenial::Forbidden(Permission::ManageApps);
    assert_eq!(denial(offer_regions(&auditor)), forbidden);
    assert_eq!(denial(judge_new_app(&auditor, tenant.id, None)), forbidden);
    let developer = world.tenant_caller(tenant.id, Role::Developer);
    assert_eq!(denial(judge_new_app(&developer, other.id, None)), RegistryDenial::NotFound);
    let foreign = world.app(&other, "Foreign");
    assert_eq!(denial(list_token_targets(&developer, foreign.id)), RegistryDenial::NotFound);
}

#[test]
fn an_app_can_have_tokens_for_the_resources_of_its_scopes() {
    let world = World::new();
    let reports = world.resource("https://reports.example", LimitsClaims::Both, SigningAlgorithm::Es256);
    world.scope(reports.id, "reports", ScopeGrant::AnyApp);
    let tenant = world.tenant("Acme");
    for (number, (wanted, expected)) in [
        ("read update", vec![(API, "read update")]),
        ("read reports", vec![(API, "read"), ("https://reports.example", "reports")]),
        ("", vec![]),
    ]
    .into_iter()
    .enumerate()
    {
        let command = world.command(&tenant, &format!("App {number}"));
        let app = world.create(&CreateAppCommand { scopes: Some(scopes(wanted)), ..command });
        let auditor = world.tenant_caller(tenant.id, Role::Auditor);
        let targets = list_token_targets(&auditor, app.id).unwrap();
        let told: Vec<_> =
            targets.iter().map(|target| (target.audience.as_str(), target.scopes.to_string())).collect();
        let told: Vec<_> = told.iter().map(|(audience, scopes)| (*audience, scopes.as_str())).collect();
        assert_eq!(told, expected, "{wanted}");
    }
}
