//! The role walk among what apps are made of, and among what only operators do.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::entry_hash::EntryHash;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::id::{AppId, InstanceId, PlanId, RegionDatabaseId, RegionId, ResourceId, TenantId};
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::{Audience, LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_exchange::import_set::ImportSet;
use turnkeep_policy::permission::Permission::{Export, Operate, ReadCatalog};
use turnkeep_service::audit::accept_head::accept_head;
use turnkeep_service::audit::prune_trail::prune_trail;
use turnkeep_service::audit::show_chain::show_chain;
use turnkeep_service::exchange::export_records::{Hashes, export_records};
use turnkeep_service::exchange::import_records::{
    ImportMode, ImportOptions, OnRefusal, import_document, import_records,
};
use turnkeep_service::people::instance_operators::{link_first_operator, list_instance_operators};
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::create_instance::{CreateInstanceCommand, create_instance};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::create_region::{
    CreateRegionCommand, CreateRegionDatabaseCommand, create_region, create_region_database,
};
use turnkeep_service::registry::create_resource::{
    CreateResourceCommand, CreateScopeCommand, create_resource, create_scope,
};
use turnkeep_service::registry::create_tenant::{CreateTenantCommand, create_tenant};
use turnkeep_service::registry::manage_instance::{
    InstanceChanges, find_instance, list_instances, switch_instance, update_instance,
};
use turnkeep_service::registry::manage_plan::{
    PlanChanges, PlanStep, find_plan, list_plans, step_plan, update_plan,
};
use turnkeep_service::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, find_region, find_region_database, list_region_databases,
    list_regions, update_region, update_region_database,
};
use turnkeep_service::registry::manage_resource::{
    ResourceChanges, add_resource_server, delete_scope, find_resource, list_resource_servers, list_resources,
    list_scopes, remove_resource_server, update_resource,
};
use turnkeep_service::registry::manage_tenant::{TenantChanges, TenantStep, step_tenant, update_tenant};
use turnkeep_service::registry::recover_operator::{find_operator_app, recover_operator};
use turnkeep_service::registry::retire_plan::{foresee_retirement, retire_plan};
use turnkeep_service::sign_in::account_links::create_first_operator_link;
use turnkeep_testkit::fixtures::{self, name, slug};

use super::people_verbs::{told, told_of_account};
use super::role_walk::{Step, first_missing};

const ABSENT: InstanceId = InstanceId::from_bytes([9; 16]);
const PLAN: PlanId = PlanId::from_bytes([9; 16]);
const REGION: RegionId = RegionId::from_bytes([9; 16]);
const RESOURCE: ResourceId = ResourceId::from_bytes([9; 16]);

pub(super) fn walk_instance(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let mut steps = catalog(context);
    steps.extend(tenants(context, own));
    steps.extend(plans(context));
    steps.extend(regions(context));
    steps.extend(resources(context));
    steps.extend(exchange(context));
    steps
}

/// What is for those only who reach every instance, operators of another one excepted.
pub(super) fn walk_platform(context: &RegistryContext<'_>) -> Vec<Step> {
    let create =
        CreateInstanceCommand { slug: slug("walker"), name: name("Walker"), accent: Accent::default() };
    let renamed = InstanceChanges { name: Some(name("Walked")), accent: None };
    vec![
        ("create_instance", Operate, told(create_instance(context, &create))),
        ("list_instances", Operate, told(list_instances(context))),
        ("find_instance", Operate, told(find_instance(context, ABSENT))),
        ("update_instance", Operate, told(update_instance(context, ABSENT, &renamed, None))),
        ("find_operator_app", Operate, told(find_operator_app(context))),
        ("create_first_operator_link", Operate, told_of_account(create_first_operator_link(context))),
        ("list_instance_operators", Operate, told(list_instance_operators(context, ABSENT))),
        ("link_first_operator", Operate, told(link_first_operator(context, ABSENT).map(|_| ()))),
        ("recover_operator", Operate, told(recover_operator(context))),
        ("switch_instance", Operate, told(switch_instance(context, ABSENT, InstanceState::Disabled, None))),
    ]
}

fn catalog(context: &RegistryContext<'_>) -> Vec<Step> {
    vec![
        ("list_plans", ReadCatalog, told(list_plans(context))),
        ("find_plan", ReadCatalog, told(find_plan(context, PLAN))),
        ("list_regions", ReadCatalog, told(list_regions(context))),
        ("find_region", ReadCatalog, told(find_region(context, REGION))),
        ("list_resources", ReadCatalog, told(list_resources(context))),
        ("find_resource", ReadCatalog, told(find_resource(context, RESOURCE))),
        ("list_scopes", ReadCatalog, told(list_scopes(context, RESOURCE))),
    ]
}

fn tenants(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let create = CreateTenantCommand { name: name("Walker"), app_limit: AppLimit::DEFAULT };
    let limit = TenantChanges { app_limit: AppLimit::new(99), ..TenantChanges::default() };
    let absent = TenantId::from_bytes([9; 16]);
    let nowhere = Anchor { position: 9, hash: EntryHash::from_bytes([9; 32]) };
    vec![
        ("create_tenant", Operate, told(create_tenant(context, &create))),
        ("update_tenant", Operate, told(update_tenant(context, own, &limit, None))),
        ("step_tenant", Operate, told(step_tenant(context, absent, TenantStep::Suspend, None))),
        ("show_chain", Operate, told(show_chain(context))),
        ("accept_head", Operate, told(accept_head(context, nowhere))),
        ("prune_trail", Operate, told(prune_trail(context, Timestamp::from_secs(0)))),
    ]
}

fn plans(context: &RegistryContext<'_>) -> Vec<Step> {
    let limits = fixtures::plan(&fixtures::instance(1), 1).limits;
    let token_requests = TokenRequestLimits::default();
    let price = PlanPrice::Free;
    let create = CreatePlanCommand { code: slug("walker"), name: name("W"), price, limits, token_requests };
    vec![
        ("create_plan", Operate, told(create_plan(context, &create))),
        ("update_plan", Operate, told(update_plan(context, PLAN, &PlanChanges::default(), None))),
        ("step_plan", Operate, told(step_plan(context, PLAN, PlanStep::Activate, None))),
        ("foresee_retirement", Operate, told(foresee_retirement(context, PLAN, None, 9))),
        ("retire_plan", Operate, told(retire_plan(context, PLAN, None, None))),
    ]
}

fn regions(context: &RegistryContext<'_>) -> Vec<Step> {
    let create = CreateRegionCommand { code: slug("walker"), name: name("Walker") };
    let db_code = DbCode::parse("W-1").unwrap();
    let database = CreateRegionDatabaseCommand { region_id: REGION, db_code, capacity: 1 };
    let (changes, database_changes) = (RegionChanges::default(), RegionDatabaseChanges::default());
    let absent = RegionDatabaseId::from_bytes([9; 16]);
    vec![
        ("create_region", Operate, told(create_region(context, &create))),
        ("update_region", Operate, told(update_region(context, REGION, &changes, None))),
        ("list_region_databases", Operate, told(list_region_databases(context, REGION))),
        ("find_region_database", Operate, told(find_region_database(context, REGION, absent))),
        ("create_region_database", Operate, told(create_region_database(context, &database))),
        (
            "update_region_database",
            Operate,
            told(update_region_database(context, REGION, absent, &database_changes, None)),
        ),
    ]
}

fn resources(context: &RegistryContext<'_>) -> Vec<Step> {
    let create = CreateResourceCommand {
        audience: Audience::parse("walker").unwrap(),
        name: name("Walker"),
        limits_claims: LimitsClaims::Both,
        signing_algorithm: SigningAlgorithm::Es256,
    };
    let scope = ScopeName::parse("walk").unwrap();
    let create_walk = CreateScopeCommand {
        resource_id: RESOURCE,
        name: scope.clone(),
        description: String::new(),
        grant: ScopeGrant::AnyApp,
    };
    let (changes, app) = (ResourceChanges::default(), AppId::from_bytes([9; 16]));
    vec![
        ("create_resource", Operate, told(create_resource(context, &create))),
        ("update_resource", Operate, told(update_resource(context, RESOURCE, &changes, None))),
        ("create_scope", Operate, told(create_scope(context, &create_walk))),
        ("delete_scope", Operate, told(delete_scope(context, RESOURCE, &scope))),
        ("list_resource_servers", Operate, told(list_resource_servers(context, RESOURCE))),
        ("add_resource_server", Operate, told(add_resource_server(context, RESOURCE, app))),
        ("remove_resource_server", Operate, told(remove_resource_server(context, RESOURCE, app))),
    ]
}

fn exchange(context: &RegistryContext<'_>) -> Vec<Step> {
    let options = ImportOptions {
        mode: ImportMode::DryRun,
        on_refusal: OnRefusal::ImportNothing,
        default_tenant: None,
        default_region: None,
    };
    let with_hashes = told(export_records(context, None, Hashes::Included));
    vec![
        ("export_records", Export, told(export_records(context, None, Hashes::Withheld))),
        ("export_records", first_missing(context, Export, Operate), with_hashes),
        ("import_document", Operate, told(import_document(context, "", &options))),
        ("import_records", Operate, told(import_records(context, &ImportSet::default(), &options))),
    ]
}
