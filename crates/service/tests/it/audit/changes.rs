//! One event per change, with what changed.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::app::AppState;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::AppLimit;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_instance::{InstanceChanges, switch_instance, update_instance};
use turnkeep_service::registry::manage_plan::{PlanChanges, PlanStep, update_plan};
use turnkeep_service::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, update_region, update_region_database,
};
use turnkeep_service::registry::manage_resource::{
    ResourceChanges, add_resource_server, delete_scope, remove_resource_server, update_resource,
};
use turnkeep_service::registry::manage_tenant::{TenantChanges, TenantStep, update_tenant};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::revoke_secret::revoke_secret;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_testkit::fixtures::{name, slug};

use crate::world::{TestApp, World};

/// Runs a change and returns the one event that it left, with the names of the attributes in it.
fn one_event(world: &World, what: &str, change: impl FnOnce(&World)) -> Vec<String> {
    let before = world.trail().len();
    change(world);
    let trail = world.trail();
    let new: Vec<_> = trail.iter().filter(|entry| entry.action == what).collect();
    assert_eq!(trail.len(), before + 1, "{what}");
    let [event] = new.as_slice() else { panic!("{what}: {new:?}") };
    assert_eq!(event.refusal, None, "{what}");
    assert!(event.object.is_some(), "{what}");
    assert_eq!(event.actor, "command-line", "{what}");
    event
        .changes
        .iter()
        .map(|change| {
            assert_ne!(change.before, change.after, "{what}");
            change.attribute.clone()
        })
        .collect()
}

#[test]
fn each_change_leaves_one_event_with_what_changed() {
    let world = World::bare();
    let context = world.operator();
    let attributes =
        |what: &str, change: &dyn Fn(&World)| one_event(&world, what, |world| change(world)).join(" ");
    let check = |what: &str, expected: &str, change: &dyn Fn(&World)| {
        assert_eq!(attributes(what, change), expected, "{what}");
    };
    check("region.create", "code name state", &|world| drop(world.region("eu-west")));
    let region = world.store.read(|reads| reads.list_regions(world.instance_id)).unwrap().remove(0);
    check("region_database.create", "region_id db_code capacity state", &|world| {
        drop(world.database(&region, "EU-1", 9));
    });
    let database = world.store.read(|reads| reads.list_region_databases(world.instance_id, region.id));
    let database = database.unwrap().remove(0);
    check("resource.create", "audience name limits_claims signing_alg", &|world| {
        world.resource("TrueParser.API", LimitsClaims::Both, SigningAlgorithm::Es256);
    });
    let api = world.api();
    check("scope.create", "name description grant", &|world| {
        world.scope(api.id, "read", ScopeGrant::Default);
    });
    check("tenant.create", "name state app_limit", &|world| drop(world.pending_tenant("Acme")));
    let tenants =
        world.store.read(|reads| reads.list_tenants(world.instance_id, &Default::default(), &Page::first(9)));
    let tenant = tenants.unwrap().into_iter().find(|tenant| tenant.name == name("Acme")).unwrap();
    check("tenant.activate", "state", &|world| drop(world.step_tenant(tenant.id, TenantStep::Activate)));
    check("plan.create", "code name state free limits token_requests", &|world| {
        drop(world.draft_plan("pro", PlanPrice::Paid));
    });
    let plan = world.store.read(|reads| reads.list_plans(world.instance_id)).unwrap().remove(0);
    check("plan.activate", "state", &|world| drop(world.step_plan(plan.id, PlanStep::Activate)));
    check("user.create", "kind name display_name state", &|world| drop(world.user(UserKind::System, "svc")));
    let record = "client_id client_type enabled license_region db_code name login_redirect_uris \
                  logout_redirect_uris sign_in service_access scopes reference_tokens basic_authentication \
                  token_lifetime_seconds pkce";
    let all = &format!("{record} secret_id hint");
    check("app.create", all, &|world| drop(world.app(&tenant, "App")));
    let app = app_named(&world, "App");
    check("app.update", "name", &|world| {
        world.update(&app, &AppChanges { name: Some(name("Renamed")), ..AppChanges::default() });
    });
    check("app.assign_plan", "plan", &|world| world.change_plan(&app, PlanAction::Assign(plan.id)));
    check("app.hold_plan", "plan", &|world| world.change_plan(&app, PlanAction::Hold));
    check("app.release_plan", "plan", &|world| world.change_plan(&app, PlanAction::Release));
    check("app.remove_plan", "plan", &|world| world.change_plan(&app, PlanAction::Remove));
    check("app.disable", "enabled", &|world| world.switch(&app, AppState::Disabled));
    check("app.enable", "enabled", &|world| world.switch(&app, AppState::Enabled));
    let overlap = Overlap::from_secs(60).unwrap();
    check("app.add_secret", "secret_id hint older_secrets_expire_at live_secrets", &|_| {
        drop(add_secret(&context, app.id, overlap, None).unwrap());
    });
    check("app.regenerate_secret", "secret_id hint live_secrets", &|_| {
        drop(regenerate_secret(&context, app.id, None).unwrap());
    });
    let secrets = list_secrets(&context, app.id).unwrap();
    let secret = secrets.into_iter().find(|secret| secret.revoked_at.is_none()).unwrap().id;
    check("app.revoke_secret", "secret_id live_secrets", &|_| {
        revoke_secret(&context, app.id, secret, None).unwrap();
    });
    check("resource_server.add", "app_id", &|_| add_resource_server(&context, api.id, app.id).unwrap());
    check("resource_server.remove", "app_id", &|_| remove_resource_server(&context, api.id, app.id).unwrap());
    check("resource.update", "limits_claims", &|_| {
        let limits_claims = Some(LimitsClaims::Limits);
        let changes = ResourceChanges { limits_claims, ..ResourceChanges::default() };
        update_resource(&context, api.id, &changes, None).unwrap();
    });
    // One that no app has: each that has it gets an event of its own.
    world.scope(api.id, "spare", ScopeGrant::AnyApp);
    check("scope.delete", "name description grant", &|_| {
        delete_scope(&context, api.id, &ScopeName::parse("spare").unwrap()).unwrap();
    });
    check("region.update", "name", &|_| {
        let changes = RegionChanges { name: Some(name("Europe")), availability: None };
        update_region(&context, region.id, &changes, None).unwrap();
    });
    check("region_database.update", "capacity", &|_| {
        let changes = RegionDatabaseChanges { capacity: Some(5), availability: None };
        update_region_database(&context, region.id, database.id, &changes, None).unwrap();
    });
    check("plan.update", "name", &|_| {
        let changes = PlanChanges { name: Some(name("Other")), ..PlanChanges::default() };
        update_plan(&context, plan.id, &changes, None).unwrap();
    });
    check("tenant.update", "app_limit", &|_| {
        let changes = TenantChanges { app_limit: AppLimit::new(9), ..TenantChanges::default() };
        update_tenant(&context, tenant.id, &changes, None).unwrap();
    });
    let users =
        world.store.read(|reads| reads.list_users(world.instance_id, &Default::default(), &Page::first(9)));
    let user = users.unwrap().remove(0).id;
    check("user.disable", "state apps_stopped", &|_| {
        switch_user(&context, user, UserState::Disabled, None).unwrap();
    });
    check("app.delete", record, &|_| delete_app(&context, app.id, None).unwrap());
    check("instance.create", "slug name accent state", &|world| drop(world.bare_instance("acme")));
    let other = World { slug: slug("acme"), instance_id: instance_named(&world, "acme"), ..world.clone() };
    check("instance.update", "name accent", &|_| {
        let changes = InstanceChanges { name: Some(name("Acme Inc.")), accent: Some(Accent::Teal) };
        update_instance(&context, other.instance_id, &changes, None).unwrap();
    });
    check("instance.disable", "state", &|_| {
        switch_instance(&context, other.instance_id, InstanceState::Disabled, None).unwrap();
    });
    assert_eq!(world.events("server.first_start").len(), 1);
}

fn instance_named(world: &World, text: &str) -> InstanceId {
    world.store.read(|reads| reads.find_instance_by_slug(&slug(text))).unwrap().unwrap().id
}

fn app_named(world: &World, text: &str) -> TestApp {
    let page = Page::first(9);
    let apps = world
        .store
        .read(|reads| reads.list_apps_of_instance(world.instance_id, &Default::default(), &page))
        .unwrap();
    let app = apps.into_iter().find(|app| app.settings.name == name(text)).unwrap();
    TestApp { id: app.id, tenant_id: app.tenant_id, client_id: app.client_id.to_string(), secret: None }
}
