//! The kill switch: what makes tokens inactive at once, within the very second in which they were issued, and
//! that tokens issued afterwards count.

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::id::{PlanId, UserId};
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::create_app::CreateAppCommand;
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_instance::switch_instance;
use turnkeep_service::registry::manage_plan::PlanStep;
use turnkeep_service::registry::manage_resource::delete_scope;
use turnkeep_service::registry::manage_tenant::TenantStep;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::revoke_secret::revoke_secret;
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_testkit::fixtures::scopes;

use crate::world::{TestApp, World};

/// An app with two scopes, a plan and a system user, so that anything can be taken from it.
fn rich_app(world: &World, text: &str) -> TestApp {
    let plan = world.plan(text, PlanPrice::Paid);
    let user = world.user(UserKind::System, text);
    let app = world.app_with_scopes(&world.tenant(text), text, "read update");
    let service_access = Some(ServiceAccess::AsUser(user.id));
    world.update(&app, &AppChanges { service_access, ..AppChanges::default() });
    world.change_plan(&app, PlanAction::Assign(plan.id));
    app
}

fn system_user_of(world: &World, app: &TestApp) -> UserId {
    match world.record(app.id).unwrap().settings.service_access {
        ServiceAccess::AsUser(id) => id,
        other => panic!("{other:?}"),
    }
}

fn plan_of(world: &World, app: &TestApp) -> PlanId {
    world.record(app.id).unwrap().plan.unwrap().plan_id
}

type Act = fn(&World, &TestApp);

/// What kills the tokens of an app, and what makes it usable again; `None` if its tokens stop counting only as
/// long as the cause lasts, or there is no way back.
const KILLS: [(&str, Act, Option<Act>); 9] = [
    (
        "disabled app",
        |world, app| world.switch(app, AppState::Disabled),
        Some(|world, app| world.switch(app, AppState::Enabled)),
    ),
    (
        "suspended tenant",
        |world, app| drop(world.step_tenant(app.tenant_id, TenantStep::Suspend)),
        Some(|world, app| drop(world.step_tenant(app.tenant_id, TenantStep::Activate))),
    ),
    (
        "disabled instance",
        |world, _| {
            let off = InstanceState::Disabled;
            switch_instance(&world.operator(), world.instance_id, off, None).unwrap();
        },
        Some(|world, _| {
            let on = InstanceState::Active;
            switch_instance(&world.operator(), world.instance_id, on, None).unwrap();
        }),
    ),
    (
        "plan on hold",
        |world, app| world.change_plan(app, PlanAction::Hold),
        Some(|world, app| world.change_plan(app, PlanAction::Release)),
    ),
    (
        "retired plan",
        |world, app| drop(world.retire_plan(plan_of(world, app))),
        Some(|world, app| world.change_plan(app, PlanAction::Remove)),
    ),
    (
        "removed service access",
        |world, app| {
            let service_access = Some(ServiceAccess::Disabled);
            world.update(app, &AppChanges { service_access, ..AppChanges::default() });
        },
        Some(|world, app| {
            let service_access = Some(ServiceAccess::AsApp);
            world.update(app, &AppChanges { service_access, ..AppChanges::default() });
        }),
    ),
    (
        "removed scope of the app",
        |world, app| {
            world.update(app, &AppChanges { scopes: Some(scopes("read")), ..AppChanges::default() });
        },
        Some(|world, app| {
            world.update(app, &AppChanges { scopes: Some(scopes("read update")), ..AppChanges::default() });
        }),
    ),
    (
        "disabled system user",
        |world, app| {
            let user = system_user_of(world, app);
            switch_user(&world.operator(), user, UserState::Disabled, None).unwrap();
        },
        Some(|world, app| {
            let user = system_user_of(world, app);
            switch_user(&world.operator(), user, UserState::Active, None).unwrap();
        }),
    ),
    (
        "deleted scope",
        |world, _| {
            let name = ScopeName::parse("update").unwrap();
            delete_scope(&world.operator(), world.api().id, &name).unwrap();
        },
        None,
    ),
];

#[test]
fn what_is_killed_stays_dead_and_what_comes_after_counts() {
    let platform = World::new();
    for (index, (cause, kill, mend)) in KILLS.into_iter().enumerate() {
        let world = platform.instance(&format!("acme-{index}"));
        let app = rich_app(&world, "one");
        let bystander = rich_app(&world, "two");
        let token = world.token(&app);
        let others = world.issue_for(&bystander, Some("read"), None).unwrap();
        assert!(world.is_active(&token), "{cause}");
        kill(&world, &app);
        assert!(!world.is_active(&token), "{cause}");
        // Neither the instance nor the scope is one app's alone.
        if !["disabled instance", "deleted scope"].contains(&cause) {
            assert!(world.is_active(others.access_token.expose()), "{cause} hit a bystander");
        }
        if let Some(mend) = mend {
            mend(&world, &app);
            assert!(!world.is_active(&token), "{cause}: dead tokens stay dead");
            assert!(world.is_active(&world.token(&app)), "{cause}: a new token counts");
        }
        let later = world.issue_for(&app, Some("read"), None).unwrap();
        assert!(world.is_active(later.access_token.expose()), "{cause}: issued within the same second");
    }
}

#[test]
fn a_regenerated_secret_kills_what_the_old_one_obtained() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let added = regenerate_secret(&world.operator(), app.id, None).unwrap();
    assert!(!world.is_active(&token));
    assert!(world.is_active(&world.token(&app.with_secret(&added.plaintext))));
}

#[test]
fn a_revoked_secret_kills_the_tokens_of_its_app() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let secret = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    revoke_secret(&world.operator(), app.id, secret, None).unwrap();
    assert!(!world.is_active(&token));
}

#[test]
fn an_overlap_kills_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let overlap = Overlap::from_secs(60).unwrap();
    add_secret(&world.operator(), app.id, overlap, None).unwrap();
    assert!(world.is_active(&token));
}

#[test]
fn the_tokens_of_a_deleted_app_are_dead_even_if_another_gets_its_client_id() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let client_id = Some(ClientId::parse("com.vendor/app").unwrap());
    let command = CreateAppCommand { client_id, ..world.command(&tenant, "App") };
    let app = world.create(&command);
    let token = world.token(&app);
    delete_app(&world.operator(), app.id, None).unwrap();
    assert!(!world.is_active(&token));
    let again = world.create(&command);
    assert_eq!(again.client_id, app.client_id);
    assert!(!world.is_active(&token));
    assert!(!world.is_active_for(&again, &token));
    assert!(world.is_active_for(&again, &world.token(&again)));
}

#[test]
fn more_access_and_other_attributes_kill_nothing() {
    let world = World::new();
    let app = rich_app(&world, "one");
    let token = world.token(&app);
    let wider = Some(scopes("read update TrueParser.API"));
    world.update(&app, &AppChanges { scopes: wider, ..AppChanges::default() });
    let name = Some(turnkeep_testkit::fixtures::name("Renamed"));
    world.update(&app, &AppChanges { name, ..AppChanges::default() });
    world.step_plan(plan_of(&world, &app), PlanStep::Archive);
    world.change_plan(&app, PlanAction::Remove);
    world.switch(&app, AppState::Enabled);
    assert!(world.is_active(&token));
}
