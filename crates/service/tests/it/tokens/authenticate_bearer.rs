//! Who calls the management API.

use turnkeep_domain::app::{AppOrigin, AppState};
use turnkeep_domain::audit::Actor;
use turnkeep_domain::membership::Role;
use turnkeep_domain::resource::ScopeGrant;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::authenticate_bearer::{
    BearerDenial, Caller, MANAGE_SCOPE, OPERATE_SCOPE, READ_SCOPE, Reach, authenticate_bearer,
};
use turnkeep_testkit::fixtures::{scopes, slug};

use crate::world::{World, denial};

fn refused(world: &World, token: &str) -> BearerDenial {
    denial(authenticate_bearer(&world.authority, &world.slug, token, LookUp::Anywhere))
}

fn accepted(world: &World, token: &str) -> Caller {
    authenticate_bearer(&world.authority, &world.slug, token, LookUp::Anywhere).unwrap()
}

#[test]
fn the_scope_says_how_far_a_tenants_app_reaches() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    for (scope, role) in [
        (READ_SCOPE.to_owned(), Role::Auditor),
        (MANAGE_SCOPE.to_owned(), Role::Developer),
        (format!("{READ_SCOPE} {MANAGE_SCOPE}"), Role::Developer),
    ] {
        let app = world.app_with_scopes(&tenant, &scope, &scope);
        let caller = accepted(&world, &world.token(&app));
        assert_eq!(caller.reach, Reach::Tenant { tenant_id: tenant.id, role });
        assert_eq!(caller.actor, Actor::App(app.id));
    }
}

#[test]
fn an_operator_of_the_default_instance_reaches_every_other() {
    let world = World::bare();
    let other = world.bare_instance("acme");
    assert_eq!(accepted(&other, &world.operator_token()).reach, Reach::Platform);
}

#[test]
fn an_operator_of_another_instance_reaches_only_that() {
    let world = World::new();
    let (one, two) = (world.instance("one"), world.instance("two"));
    let template = one.lone_app("Acme");
    let operator = one.import_variant(&template, "com.example/operator", |app| {
        app.origin = AppOrigin::Platform;
        app.settings.scopes = scopes(OPERATE_SCOPE);
    });
    let token = one.token(&operator);
    assert_eq!(accepted(&one, &token).reach, Reach::Instance);
    assert_eq!(refused(&two, &token), BearerDenial::InvalidToken);
    assert_eq!(refused(&world, &token), BearerDenial::InvalidToken);
}

#[test]
fn a_tenants_token_of_the_default_instance_is_nothing_elsewhere() {
    let world = World::new();
    let other = world.bare_instance("acme");
    let app = world.app_with_scopes(&world.tenant("Acme"), "App", MANAGE_SCOPE);
    assert_eq!(refused(&other, &world.token(&app)), BearerDenial::InvalidToken);
}

#[test]
fn tokens_for_other_audiences_and_garbage_are_refused() {
    let world = World::new();
    let app = world.lone_app("Acme");
    for token in [world.token(&app).as_str(), "", "garbage", "a.b.c"] {
        assert_eq!(refused(&world, token), BearerDenial::InvalidToken, "{token}");
    }
    let unknown = World { slug: slug("nobody"), ..world.clone() };
    assert_eq!(refused(&unknown, "garbage"), BearerDenial::InvalidToken);
}

#[test]
fn a_dead_token_opens_nothing() {
    let world = World::new();
    let app = world.app_with_scopes(&world.tenant("Acme"), "App", MANAGE_SCOPE);
    let token = world.token(&app);
    accepted(&world, &token);
    world.switch(&app, AppState::Disabled);
    assert_eq!(refused(&world, &token), BearerDenial::InvalidToken);
    world.switch(&app, AppState::Enabled);
    assert_eq!(refused(&world, &token), BearerDenial::InvalidToken);
    let token = world.token(&app);
    accepted(&world, &token);
    world.revoke(&app, &token).unwrap();
    assert_eq!(refused(&world, &token), BearerDenial::InvalidToken);
    let token = world.token(&app);
    world.advance(899);
    accepted(&world, &token);
    world.advance(1);
    assert_eq!(refused(&world, &token), BearerDenial::InvalidToken);
}

#[test]
fn a_scope_that_an_operator_adds_to_the_management_resource_opens_nothing() {
    let world = World::new();
    let resources = world.store.read(|reads| reads.list_resources(world.instance_id)).unwrap();
    let management = resources.iter().find(|resource| resource.audience.as_str() == "turnkeep.management");
    world.scope(management.unwrap().id, "turnkeep.other", ScopeGrant::AnyApp);
    let app = world.app_with_scopes(&world.tenant("Acme"), "App", "turnkeep.other");
    assert_eq!(world.record(app.id).unwrap().settings.service_access, ServiceAccess::AsApp);
    assert_eq!(refused(&world, &world.token(&app)), BearerDenial::InsufficientScope);
}
