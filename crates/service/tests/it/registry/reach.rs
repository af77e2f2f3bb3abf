//! How far callers reach: other tenants' records are absent, readers write nothing, tenants do nothing of an
//! operator's.

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::resource::{Audience, LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::user::{UserKind, UserName, UserState};
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::create_app::{CreateAppCommand, create_app};
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::create_region::{
    CreateRegionCommand, CreateRegionDatabaseCommand, create_region, create_region_database,
};
use turnkeep_service::registry::create_resource::{
    CreateResourceCommand, CreateScopeCommand, create_resource, create_scope,
};
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::find_app::{find_app, list_apps};
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_instance::{
    find_instance, list_instances, rename_instance, switch_instance,
};
use turnkeep_service::registry::manage_plan::{PlanChanges, PlanStep, find_plan, list_plans, step_plan, update_plan};
use turnkeep_service::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, list_region_databases, list_regions, update_region,
    update_region_database,
};
use turnkeep_service::registry::manage_resource::{
    ResourceChanges, add_resource_server, delete_scope, list_resource_servers, list_resources,
    remove_resource_server, update_resource,
};
use turnkeep_service::registry::manage_tenant::{
    TenantChanges, TenantStep, find_tenant, list_tenants, step_tenant, update_tenant,
};
use turnkeep_service::registry::manage_user::{
    CreateUserCommand, create_user, find_user, list_users, switch_user,
};
use turnkeep_service::registry::revoke_secret::revoke_secret;
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::registry::update_app::{AppChanges, update_app};
use turnkeep_service::tokens::authenticate_bearer::{Reach, TenantAccess};
use turnkeep_storage::page::Page;
use turnkeep_testkit::fixtures::{name, slug};

use crate::world::{TestApp, World, denial};

fn overlap() -> Overlap {
    Overlap::from_secs(60).unwrap()
}

/// The denial of an attempt, whatever it would have returned.
fn told<T>(attempt: RegistryResult<T>) -> Option<RegistryDenial> {
    match attempt {
        Ok(_) => None,
        Err(Failure::Denied(denial)) => Some(denial),
        Err(Failure::Fault(fault)) => panic!("{fault:?}"),
    }
}

/// Everything that can be done to an app by its owner, writes first.
fn owner_writes(context: &RegistryContext<'_>, app: AppId, secret: turnkeep_domain::id::SecretId) -> Vec<(&'static str, Option<RegistryDenial>)> {
    vec![
        ("update", told(update_app(context, app, &AppChanges::default(), None))),
        ("switch", told(switch_app(context, app, AppState::Disabled, None))),
        ("add secret", told(add_secret(context, app, overlap()))),
        ("regenerate", told(regenerate_secret(context, app))),
        ("revoke secret", told(revoke_secret(context, app, secret))),
        ("delete", told(delete_app(context, app, None))),
    ]
}

fn owner_reads(context: &RegistryContext<'_>, app: AppId) -> Vec<(&'static str, Option<RegistryDenial>)> {
    vec![
        ("find", told(find_app(context, app))),
        ("list secrets", told(list_secrets(context, app))),
        ("explain", told(explain_app(context, app))),
    ]
}

fn secret_of(world: &World, app: &TestApp) -> turnkeep_domain::id::SecretId {
    list_secrets(&world.operator(), app.id).unwrap()[0].id
}

#[test]
fn another_tenants_app_is_absent_and_untouched() {
    let world = World::new();
    let (acme, app) = (world.tenant("Acme"), world.lone_app("Other"));
    let secret = secret_of(&world, &app);
    let before = world.record(app.id);
    let context = world.tenant_caller(acme.id, TenantAccess::Manage);
    let absent = AppId::from_bytes([9; 16]);
    for id in [app.id, absent] {
        for (what, told) in owner_writes(&context, id, secret).into_iter().chain(owner_reads(&context, id)) {
            assert_eq!(told, Some(RegistryDenial::NotFound), "{what}");
        }
    }
    assert_eq!(world.record(app.id), before);
    world.token(&app);
    assert!(list_apps(&context, None, Page::first(9)).unwrap().is_empty());
    assert_eq!(denial(list_apps(&context, Some(app.tenant_id), Page::first(9))), RegistryDenial::NotFound);
    let elsewhere = CreateAppCommand { tenant_id: Some(app.tenant_id), ..world.command(&acme, "App") };
    assert_eq!(denial(create_app(&context, &elsewhere)), RegistryDenial::NotFound);
    assert_eq!(denial(find_tenant(&context, app.tenant_id)), RegistryDenial::NotFound);
    let tenants = list_tenants(&context, Page::first(9)).unwrap();
    assert_eq!(tenants.iter().map(|tenant| tenant.id).collect::<Vec<_>>(), [acme.id]);
}

#[test]
fn an_app_of_another_instance_is_absent_even_for_operators() {
    let world = World::new();
    let other = world.instance("acme");
    let app = other.lone_app("Acme");
    let secret = secret_of(&other, &app);
    let context = world.operator();
    for (what, told) in owner_writes(&context, app.id, secret).into_iter().chain(owner_reads(&context, app.id)) {
        assert_eq!(told, Some(RegistryDenial::NotFound), "{what}");
    }
    other.token(&app);
    let from_there = world.tenant_caller(app.tenant_id, TenantAccess::Manage);
    assert_eq!(denial(find_app(&from_there, app.id)), RegistryDenial::NotFound);
}

#[test]
fn a_tenant_does_with_its_own_apps_as_it_likes() {
    let world = World::new();
    let acme = world.tenant("Acme");
    let context = world.tenant_caller(acme.id, TenantAccess::Manage);
    let command = CreateAppCommand { tenant_id: None, ..world.command(&acme, "App") };
    let app = create_app(&context, &command).unwrap().app;
    assert_eq!(app.tenant_id, acme.id);
    let secret = list_secrets(&context, app.id).unwrap()[0].id;
    for (what, told) in owner_reads(&context, app.id) {
        assert_eq!(told, None, "{what}");
    }
    for (what, told) in owner_writes(&context, app.id, secret) {
        // Regenerating revokes what is then revoked again.
        let expected = (what == "revoke secret").then_some(RegistryDenial::NotFound);
        assert_eq!(told, expected, "{what}");
    }
}

#[test]
fn a_reader_reads_and_writes_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let secret = secret_of(&world, &app);
    let before = world.record(app.id);
    let context = world.tenant_caller(app.tenant_id, TenantAccess::Read);
    for (what, told) in owner_reads(&context, app.id) {
        assert_eq!(told, None, "{what}");
    }
    for (what, told) in owner_writes(&context, app.id, secret) {
        assert_eq!(told, Some(RegistryDenial::Forbidden), "{what}");
    }
    let tenant = find_tenant(&context, app.tenant_id).unwrap();
    let command = CreateAppCommand { tenant_id: None, ..world.command(&tenant, "App") };
    assert_eq!(denial(create_app(&context, &command)), RegistryDenial::Forbidden);
    assert_eq!(world.record(app.id), before);
    world.token(&app);
}

#[test]
fn a_tenant_does_nothing_of_an_operators() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let plan = world.plan("pro", PlanPrice::Paid);
    let user = world.user(UserKind::System, "svc");
    let (api, region) = (world.api(), world.region("us-east"));
    let database = world.database(&region, "US-1", 1);
    let context = world.tenant_caller(app.tenant_id, TenantAccess::Manage);
    let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
    let display = |text: &str| -> DisplayName { name(text) };
    let scope = ScopeName::parse("read").unwrap();
    let mut create_on_plan = world.command(&find_tenant(&context, app.tenant_id).unwrap(), "App");
    create_on_plan.plan_id = Some(plan.id);
    let attempts = [
        ("tenant", told(create_tenant(&context, &CreateTenantCommand { name: display("X"), app_limit: AppLimit::DEFAULT }))),
        ("update own tenant", told(update_tenant(&context, app.tenant_id, &TenantChanges { app_limit: AppLimit::new(100), ..TenantChanges::default() }, None))),
        ("suspend own tenant", told(step_tenant(&context, app.tenant_id, TenantStep::Suspend, None))),
        ("region", told(create_region(&context, &CreateRegionCommand { code: slug("x"), name: display("X") }))),
        ("update region", told(update_region(&context, region.id, &RegionChanges::default(), None))),
        ("database", told(create_region_database(&context, &CreateRegionDatabaseCommand { region_id: region.id, db_code: database.db_code.clone(), capacity: 1 }))),
        ("update database", told(update_region_database(&context, region.id, database.id, &RegionDatabaseChanges::default(), None))),
        ("list databases", told(list_region_databases(&context, region.id))),
        ("plan", told(create_plan(&context, &CreatePlanCommand { code: slug("x"), name: display("X"), price: PlanPrice::Free, limits: plan.limits.clone() }))),
        ("update plan", told(update_plan(&context, plan.id, &PlanChanges::default(), None))),
        ("retire plan", told(step_plan(&context, plan.id, PlanStep::Retire, None))),
        ("assign plan", told(change_plan(&context, app.id, PlanAction::Assign(plan.id), None))),
        ("remove plan", told(change_plan(&context, app.id, PlanAction::Remove, None))),
        ("hold plan", told(change_plan(&context, app.id, PlanAction::Hold, None))),
        ("release plan", told(change_plan(&context, app.id, PlanAction::Release, None))),
        ("app on a plan", told(create_app(&context, &create_on_plan))),
        ("resource", told(create_resource(&context, &CreateResourceCommand { audience: Audience::parse("x").unwrap(), name: display("X"), limits_claims: LimitsClaims::Both, signing_algorithm: SigningAlgorithm::Es256 }))),
        ("update resource", told(update_resource(&context, api.id, &ResourceChanges::default(), None))),
        ("scope", told(create_scope(&context, &CreateScopeCommand { resource_id: api.id, name: ScopeName::parse("x").unwrap(), description: String::new(), grant: ScopeGrant::AnyApp }))),
        ("delete scope", told(delete_scope(&context, api.id, &scope))),
        ("list resource servers", told(list_resource_servers(&context, api.id))),
        ("add resource server", told(add_resource_server(&context, api.id, app.id))),
        ("remove resource server", told(remove_resource_server(&context, api.id, app.id))),
        ("user", told(create_user(&context, &CreateUserCommand { kind: UserKind::System, name: UserName::parse("x").unwrap(), display_name: display("X") }))),
        ("list users", told(list_users(&context, Page::first(9)))),
        ("find user", told(find_user(&context, user.id))),
        ("disable user", told(switch_user(&context, user.id, UserState::Disabled, None))),
        ("instance", told(create_instance(&context, &CreateInstanceCommand { slug: slug("x"), name: display("X") }))),
        ("list instances", told(list_instances(&context))),
        ("find instance", told(find_instance(&context, world.instance_id))),
        ("rename instance", told(rename_instance(&context, world.instance_id, &display("X"), None))),
        ("disable instance", told(switch_instance(&context, world.instance_id, InstanceState::Disabled, None))),
    ];
    for (what, told) in attempts {
        assert_eq!(told, Some(RegistryDenial::Forbidden), "{what}");
    }
    assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), sequence);
}

#[test]
fn an_operator_of_one_instance_does_nothing_of_the_platforms() {
    let world = World::new();
    let context = world.context(Reach::Instance);
    let instance = CreateInstanceCommand { slug: slug("x"), name: name("X") };
    for (what, told) in [
        ("create", told(create_instance(&context, &instance))),
        ("list", told(list_instances(&context))),
        ("find", told(find_instance(&context, world.instance_id))),
        ("rename", told(rename_instance(&context, world.instance_id, &name("X"), None))),
        ("disable", told(switch_instance(&context, world.instance_id, InstanceState::Disabled, None))),
    ] {
        assert_eq!(told, Some(RegistryDenial::Forbidden), "{what}");
    }
    let tenant = CreateTenantCommand { name: name("X"), app_limit: AppLimit::DEFAULT };
    create_tenant(&context, &tenant).unwrap();
}

#[test]
fn a_tenant_cannot_have_its_app_act_as_a_system_user() {
    let world = World::new();
    let theirs = world.user(UserKind::System, "svc-of-somebody-else");
    let app = world.lone_app("Acme");
    let context = world.tenant_caller(app.tenant_id, TenantAccess::Manage);
    let service_access = Some(ServiceAccess::AsUser(theirs.id));
    let changes = AppChanges { service_access, ..AppChanges::default() };
    assert_eq!(denial(update_app(&context, app.id, &changes, None)), RegistryDenial::Forbidden);
    let mut command = world.command(&find_tenant(&context, app.tenant_id).unwrap(), "Other");
    command.settings.service_access = ServiceAccess::AsUser(theirs.id);
    assert_eq!(denial(create_app(&context, &command)), RegistryDenial::Forbidden);
    world.update(&app, &changes);
    let rename = AppChanges { name: Some(name("Renamed")), ..AppChanges::default() };
    update_app(&context, app.id, &rename, None).unwrap();
    update_app(&context, app.id, &changes, None).unwrap();
}

#[test]
fn tenants_read_what_they_choose_among_but_no_drafts() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let draft = world.draft_plan("draft", PlanPrice::Paid);
    let active = world.plan("pro", PlanPrice::Paid);
    let context = world.tenant_caller(app.tenant_id, TenantAccess::Read);
    assert_eq!(list_plans(&context).unwrap(), [active]);
    assert_eq!(denial(find_plan(&context, draft.id)), RegistryDenial::NotFound);
    assert_eq!(list_plans(&world.operator()).unwrap().len(), 2);
    assert_eq!(list_regions(&context).unwrap().len(), 1);
    assert_eq!(list_resources(&context).unwrap().len(), 2);
    assert_eq!(denial(find_tenant(&context, TenantId::from_bytes([9; 16]))), RegistryDenial::NotFound);
}
