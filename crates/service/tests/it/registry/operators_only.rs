//! What only operators may do: tenants, and operators of another instance, are refused each of it.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::resource::{Audience, LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::user::{UserKind, UserName, UserState};
use turnkeep_policy::permission::Permission;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};
use turnkeep_service::registry::context::RegistryResult;
use turnkeep_service::registry::create_app::create_app;
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::create_region::{
    CreateRegionCommand, CreateRegionDatabaseCommand, create_region, create_region_database,
};
use turnkeep_service::registry::create_resource::{
    CreateResourceCommand, CreateScopeCommand, create_resource, create_scope,
};
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_instance::{
    InstanceChanges, find_instance, list_instances, switch_instance, update_instance,
};
use turnkeep_service::registry::manage_plan::{PlanChanges, PlanStep, step_plan, update_plan};
use turnkeep_service::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, list_region_databases, update_region, update_region_database,
};
use turnkeep_service::registry::manage_resource::{
    ResourceChanges, add_resource_server, delete_scope, list_resource_servers, remove_resource_server,
    update_resource,
};
use turnkeep_service::registry::manage_tenant::{
    TenantChanges, TenantStep, find_tenant, step_tenant, update_tenant,
};
use turnkeep_service::registry::manage_user::{
    CreateUserCommand, create_user, find_user, list_users, switch_user,
};
use turnkeep_service::registry::retire_plan::{foresee_retirement, retire_plan};
use turnkeep_service::tokens::authenticate_bearer::Reach;
use turnkeep_testkit::fixtures::{name, slug};

use crate::world::World;

/// The denial of an attempt, whatever it would have returned.
fn told<T>(attempt: RegistryResult<T>) -> Option<RegistryDenial> {
    match attempt {
        Ok(_) => None,
        Err(Failure::Denied(denial)) => Some(denial),
        Err(Failure::Fault(fault)) => panic!("{fault:?}"),
    }
}

#[test]
fn a_tenant_does_nothing_of_an_operators() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let plan = world.plan("pro", PlanPrice::Paid);
    let user = world.user(UserKind::System, "svc");
    let (api, region) = (world.api(), world.region("us-east"));
    let database = world.database(&region, "US-1", 1);
    let context = world.tenant_caller(app.tenant_id, Role::Developer);
    let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
    let display = |text: &str| -> DisplayName { name(text) };
    let scope = ScopeName::parse("read").unwrap();
    let mut create_on_plan = world.command(&find_tenant(&context, app.tenant_id).unwrap(), "App");
    create_on_plan.plan_id = Some(plan.id);
    let attempts = [
        (
            "tenant",
            told(create_tenant(
                &context,
                &CreateTenantCommand { name: display("X"), app_limit: AppLimit::DEFAULT },
            )),
        ),
        (
            "update own tenant",
            told(update_tenant(
                &context,
                app.tenant_id,
                &TenantChanges { app_limit: AppLimit::new(100), ..TenantChanges::default() },
                None,
            )),
        ),
        ("suspend own tenant", told(step_tenant(&context, app.tenant_id, TenantStep::Suspend, None))),
        (
            "region",
            told(create_region(&context, &CreateRegionCommand { code: slug("x"), name: display("X") })),
        ),
        ("update region", told(update_region(&context, region.id, &RegionChanges::default(), None))),
        (
            "database",
            told(create_region_database(
                &context,
                &CreateRegionDatabaseCommand {
                    region_id: region.id,
                    db_code: database.db_code.clone(),
                    capacity: 1,
                },
            )),
        ),
        (
            "update database",
            told(update_region_database(
                &context,
                region.id,
                database.id,
                &RegionDatabaseChanges::default(),
                None,
            )),
        ),
        ("list databases", told(list_region_databases(&context, region.id))),
        (
            "plan",
            told(create_plan(
                &context,
                &CreatePlanCommand {
                    code: slug("x"),
                    name: display("X"),
                    price: PlanPrice::Free,
                    limits: plan.limits.clone(),
                    token_requests: plan.token_requests,
                },
            )),
        ),
        ("update plan", told(update_plan(&context, plan.id, &PlanChanges::default(), None))),
        ("archive plan", told(step_plan(&context, plan.id, PlanStep::Archive, None))),
        ("foresee a retirement", told(foresee_retirement(&context, plan.id, None, 9))),
        ("retire plan", told(retire_plan(&context, plan.id, None, None))),
        ("assign plan", told(change_plan(&context, app.id, PlanAction::Assign(plan.id), None))),
        ("remove plan", told(change_plan(&context, app.id, PlanAction::Remove, None))),
        ("hold plan", told(change_plan(&context, app.id, PlanAction::Hold, None))),
        ("release plan", told(change_plan(&context, app.id, PlanAction::Release, None))),
        ("app on a plan", told(create_app(&context, &create_on_plan))),
        (
            "resource",
            told(create_resource(
                &context,
                &CreateResourceCommand {
                    audience: Audience::parse("x").unwrap(),
                    name: display("X"),
                    limits_claims: LimitsClaims::Both,
                    signing_algorithm: SigningAlgorithm::Es256,
                },
            )),
        ),
        ("update resource", told(update_resource(&context, api.id, &ResourceChanges::default(), None))),
        (
            "scope",
            told(create_scope(
                &context,
                &CreateScopeCommand {
                    resource_id: api.id,
                    name: ScopeName::parse("x").unwrap(),
                    description: String::new(),
                    grant: ScopeGrant::AnyApp,
                },
            )),
        ),
        ("delete scope", told(delete_scope(&context, api.id, &scope))),
        ("list resource servers", told(list_resource_servers(&context, api.id))),
        ("add resource server", told(add_resource_server(&context, api.id, app.id))),
        ("remove resource server", told(remove_resource_server(&context, api.id, app.id))),
        (
            "user",
            told(create_user(
                &context,
                &CreateUserCommand {
                    kind: UserKind::System,
                    name: UserName::parse("x").unwrap(),
                    display_name: display("X"),
                    email: None,
                },
            )),
        ),
        ("list users", told(list_users(&context, &Default::default(), &Page::first(9)))),
        ("find user", told(find_user(&context, user.id))),
        ("disable user", told(switch_user(&context, user.id, UserState::Disabled, None))),
        ("instance", told(create_instance(&context, &new_instance()))),
        ("list instances", told(list_instances(&context))),
        ("find instance", told(find_instance(&context, world.instance_id))),
        ("update instance", told(update_instance(&context, world.instance_id, &recoloured(), None))),
        (
            "disable instance",
            told(switch_instance(&context, world.instance_id, InstanceState::Disabled, None)),
        ),
    ];
    for (what, told) in attempts {
        assert_eq!(told, Some(RegistryDenial::Forbidden(Permission::Operate)), "{what}");
    }
    assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), sequence);
}

fn new_instance() -> CreateInstanceCommand {
    CreateInstanceCommand { slug: slug("x"), name: name("X"), accent: Accent::default() }
}

fn recoloured() -> InstanceChanges {
    InstanceChanges { name: None, accent: Some(Accent::Teal) }
}

#[test]
fn an_operator_of_one_instance_does_nothing_of_the_platforms() {
    let world = World::new();
    let context = world.context(Reach::Instance);
    for (what, told) in [
        ("create", told(create_instance(&context, &new_instance()))),
        ("list", told(list_instances(&context))),
        ("find", told(find_instance(&context, world.instance_id))),
        ("update", told(update_instance(&context, world.instance_id, &recoloured(), None))),
        ("disable", told(switch_instance(&context, world.instance_id, InstanceState::Disabled, None))),
    ] {
        assert_eq!(told, Some(RegistryDenial::Forbidden(Permission::Operate)), "{what}");
    }
    let tenant = CreateTenantCommand { name: name("X"), app_limit: AppLimit::DEFAULT };
    create_tenant(&context, &tenant).unwrap();
}
