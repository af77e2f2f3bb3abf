//! The rules of the seeds about tenant apps, one by one, as far as the use cases keep them.

use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomains};
use turnkeep_domain::app::{AppState, BasicAuthentication};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::region::Availability;
use turnkeep_domain::resource::ScopeGrant;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::UserKind;
use turnkeep_policy::choose_region_database::PlacementDenial;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::decide_app_settings::AppSettingsViolation;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::add_secret::regenerate_secret;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::create_app::{CreateAppCommand, RegionChoice, create_app};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_plan::PlanStep;
use turnkeep_service::registry::manage_region::{RegionChanges, update_region};
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_testkit::fixtures::{scopes, slug};

use crate::world::token_verbs::payload;
use crate::world::{World, denial};

#[test]
fn seed_000_tokens_are_for_the_api_and_live_for_15_minutes() {
    let world = World::new();
    let claims = payload(&world.token(&world.lone_app("Acme")));
    assert_eq!((&claims["aud"], &claims["scope"]), (&"TrueParser.API".into(), &"TrueParser.API".into()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 15 * 60);
}

#[test]
fn seed_000_apps_are_enabled_and_disabled_independently() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let (one, two) = (world.app(&tenant, "One"), world.app(&tenant, "Two"));
    world.switch(&one, AppState::Disabled);
    assert_eq!(world.refusal(&one), TokenDenial::AppDisabled);
    world.token(&two);
    regenerate_secret(&world.operator(), two.id, None).unwrap();
    world.switch(&one, AppState::Enabled);
    world.token(&one);
}

#[test]
fn seed_000_allowed_domains_are_normalised_and_become_claims() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let slots = ["https://MyApp.com/", "staging.myapp.com", "http://localhost:3000/"];
    let allowed_domains = Some(AllowedDomains::parse_slots(slots).unwrap());
    world.update(&app, &AppChanges { allowed_domains, ..AppChanges::default() });
    let claims = payload(&world.token(&app));
    assert_eq!(claims["allowed_domain_1"], "myapp.com");
    assert_eq!(claims["allowed_domain_2"], "staging.myapp.com");
    assert_eq!(claims["allowed_domain_3"], "localhost:3000");
    assert!(AllowedDomain::parse("*.myapp.com").is_err());
}

#[test]
fn seed_000_without_a_plan_there_is_a_token_without_limits() {
    let world = World::new();
    let claims = payload(&world.token(&world.lone_app("Acme")));
    assert!(claims.get("limits").is_none() && claims.get("entitlements").is_none());
}

#[test]
fn seed_000_a_usable_plan_puts_its_limits_into_the_token() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let plan = world.plan("pro", PlanPrice::Paid);
    world.change_plan(&app, PlanAction::Assign(plan.id));
    for state in ["active", "archived"] {
        let claims = payload(&world.token(&app));
        assert_eq!(claims["limits"]["document_units"]["month"], 1_000, "{state}");
        if state == "active" {
            world.step_plan(plan.id, PlanStep::Archive);
        }
    }
}

#[test]
fn seed_000_a_retired_plan_blocks_issuance() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let plan = world.plan("pro", PlanPrice::Paid);
    world.change_plan(&app, PlanAction::Assign(plan.id));
    world.token(&app);
    world.retire_plan(plan.id);
    assert_eq!(world.refusal(&app), TokenDenial::PlanRetired);
    world.change_plan(&app, PlanAction::Remove);
    world.token(&app);
}

#[test]
fn seed_000_a_secret_is_shown_once_and_regenerating_invalidates_the_old_one() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let listed = format!("{:?}", list_secrets(&world.operator(), app.id).unwrap());
    assert!(!listed.contains(app.secret.as_deref().unwrap()));
    let added = regenerate_secret(&world.operator(), app.id, None).unwrap();
    assert_ne!(Some(added.plaintext.expose()), app.secret.as_deref());
    assert_eq!(world.refusal(&app), TokenDenial::ClientAuthenticationFailed);
    world.token(&app.with_secret(&added.plaintext));
}

#[test]
fn seed_001_a_tenant_has_three_apps_unless_an_operator_allows_more() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    for name in ["One", "Two", "Three"] {
        world.app(&tenant, name);
    }
    let fourth = create_app(&world.operator(), &world.command(&tenant, "Four"));
    let RegistryDenial::AppCreation(AppCreationDenial::AppLimitReached { limit }) = denial(fourth) else {
        panic!("another denial")
    };
    assert_eq!(limit.apps(), 3);
}

#[test]
fn seed_001_names_are_unique_within_the_tenant() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    world.app(&tenant, "Invoices");
    let again = create_app(&world.operator(), &world.command(&tenant, "  INVOICES "));
    assert_eq!(denial(again), RegistryDenial::AppCreation(AppCreationDenial::NameTaken));
    world.app(&world.tenant("Other"), "Invoices");
}

#[test]
fn seed_001_the_region_must_exist_be_active_and_have_an_active_database() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let empty = world.region("us-east");
    let off = world.region("ap-south");
    world.database(&off, "AP-1", 10);
    let availability = Some(Availability::Inactive);
    let changes = RegionChanges { availability, ..RegionChanges::default() };
    update_region(&world.operator(), off.id, &changes, None).unwrap();
    for (code, expected) in [
        ("nowhere", PlacementDenial::RegionUnknown),
        (off.code.as_str(), PlacementDenial::RegionInactive),
        (empty.code.as_str(), PlacementDenial::NoActiveDatabase),
    ] {
        let region = RegionChoice::Code(slug(code));
        let command = CreateAppCommand { region, ..world.command(&tenant, "App") };
        assert_eq!(denial(create_app(&world.operator(), &command)), RegistryDenial::Placement(expected));
    }
}

#[test]
fn seed_001_the_region_and_the_database_are_stamped_for_good() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let before = world.record(app.id).unwrap().placement;
    let name = Some(turnkeep_testkit::fixtures::name("Renamed"));
    world.update(&app, &AppChanges { name, ..AppChanges::default() });
    assert_eq!(world.record(app.id).unwrap().placement, before);
    let claims = payload(&world.token(&app));
    assert_eq!((&claims["license_region"], &claims["db_code"]), (&"eu-west".into(), &"EU-1".into()));
}

#[test]
fn seed_002_the_application_uri_is_the_client_id_once_per_instance() {
    let world = World::new();
    let (one, two) = (world.instance("one"), world.instance("two"));
    let client_id = Some(ClientId::parse_application_uri("com.vendor/app").unwrap());
    for world in [&one, &two] {
        let tenant = world.tenant("Vendor");
        let command = CreateAppCommand { client_id: client_id.clone(), ..world.command(&tenant, "App") };
        assert_eq!(world.create(&command).client_id, "com.vendor/app");
        let again = CreateAppCommand { client_id: client_id.clone(), ..world.command(&tenant, "Twin") };
        assert_eq!(denial(create_app(&world.operator(), &again)).code(), "client_id_taken");
    }
}

#[test]
fn seed_002_a_public_app_has_no_secret_and_no_service_access() {
    let world = World::new();
    let mut command = world.command(&world.tenant("Acme"), "Spa");
    command.client_type = ClientType::Public;
    let refused = denial(create_app(&world.operator(), &command));
    assert_eq!(refused, RegistryDenial::AppSettings(vec![AppSettingsViolation::PublicWithServiceAccess]));
    command.settings.service_access = ServiceAccess::Disabled;
    let app = world.create(&command);
    assert!(app.secret.is_none());
    assert!(list_secrets(&world.operator(), app.id).unwrap().is_empty());
}

#[test]
fn seed_002_service_access_needs_a_system_user() {
    let world = World::new();
    let person = world.user(UserKind::Internal, "person");
    let mut command = world.command(&world.tenant("Acme"), "App");
    command.settings.service_access = ServiceAccess::AsUser(person.id);
    let refused = denial(create_app(&world.operator(), &command));
    assert_eq!(refused, RegistryDenial::AppSettings(vec![AppSettingsViolation::SystemUserIsPerson]));
}

#[test]
fn seed_002_sec_is_not_for_external_apps() {
    let world = World::new();
    world.scope(world.api().id, "sec", ScopeGrant::AnyApp);
    let command = world.command(&world.tenant("Acme"), "App");
    let command = CreateAppCommand { scopes: Some(scopes("read sec")), ..command };
    let RegistryDenial::AppSettings(violations) = denial(create_app(&world.operator(), &command)) else {
        panic!("another denial")
    };
    assert!(
        matches!(violations.as_slice(), [AppSettingsViolation::ScopeReserved(name)] if name.as_str() == "sec")
    );
}

#[test]
fn seed_002_an_imported_record_with_sec_is_never_granted_it() {
    let world = World::new();
    world.scope(world.api().id, "sec", ScopeGrant::AnyApp);
    let app = world.app_with_scopes(&world.tenant("Acme"), "App", "read");
    let imported = world.import_variant(&app, "com.vendor/app", |app| {
        app.settings.scopes = scopes("read sec");
    });
    let granted = world.issue(&imported).unwrap();
    assert_eq!(granted.scopes.to_string(), "read");
    let asked = world.issue_for(&imported, Some("sec"), None);
    assert_eq!(crate::world::token_verbs::token_denial(denial(asked)), TokenDenial::ScopeNotAllowed);
}

#[test]
fn seed_002_what_is_dangerous_is_off_by_default() {
    let world = World::new();
    let settings = world.record(world.lone_app("Acme").id).unwrap().settings;
    assert_eq!(settings.basic_authentication, BasicAuthentication::Off);
    assert_eq!(settings.scopes.to_string(), "TrueParser.API");
}

#[test]
fn seed_002_is_enabled_is_an_immediate_kill_switch() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    world.switch(&app, AppState::Disabled);
    assert!(!world.is_active(&token));
    assert_eq!(world.refusal(&app), TokenDenial::AppDisabled);
}
