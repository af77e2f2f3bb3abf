//! Whatever locks the operator's app out, recovering lets it in again; what could not be undone is refused.

use turnkeep_domain::app::AppState;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::manage_tenant::{TenantStep, find_tenant, step_tenant};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::recover_operator::{find_operator_app, recover_operator};
use turnkeep_service::registry::update_app::AppChanges;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::authenticate_bearer::{Reach, authenticate_bearer};

use crate::world::{TestApp, World, denial};

/// The operator's app, with the secret that it has from the first start.
fn operator(world: &World) -> TestApp {
    let app = find_operator_app(&world.operator()).unwrap();
    TestApp {
        id: app.id,
        tenant_id: app.tenant_id,
        client_id: app.client_id.to_string(),
        secret: Some(world.operator.client_secret.expose().to_owned()),
    }
}

fn service_access(access: ServiceAccess) -> AppChanges {
    AppChanges { service_access: Some(access), ..AppChanges::default() }
}

type LockOut = fn(&World, &TestApp);

const LOCK_OUTS: &[(TokenDenial, LockOut)] = &[
    (TokenDenial::NoScope, |world, app| {
        let none = AppChanges { scopes: Some(ScopeSet::default()), ..AppChanges::default() };
        world.update(app, &none);
    }),
    (TokenDenial::AudienceNotAllowed, |world, app| {
        let scopes = ScopeSet::parse("turnkeep.operate read").unwrap();
        world.update(app, &AppChanges { scopes: Some(scopes), ..AppChanges::default() });
    }),
    (TokenDenial::ServiceAccessOff, |world, app| {
        world.update(app, &service_access(ServiceAccess::Disabled));
    }),
    (TokenDenial::SystemUserDisabled, |world, app| {
        let user = world.user(UserKind::System, "Robot");
        world.update(app, &service_access(ServiceAccess::AsUser(user.id)));
        switch_user(&world.operator(), user.id, UserState::Disabled, None).unwrap();
    }),
    (TokenDenial::PlanOnHold, |world, app| {
        world.change_plan(app, PlanAction::Assign(world.plan("pro", PlanPrice::Paid).id));
        world.change_plan(app, PlanAction::Hold);
    }),
    (TokenDenial::PlanRetired, |world, app| {
        let plan = world.plan("old", PlanPrice::Paid).id;
        world.change_plan(app, PlanAction::Assign(plan));
        world.retire_plan(plan);
    }),
    (TokenDenial::PlanRetired, |world, app| {
        let plan = world.plan("both", PlanPrice::Paid).id;
        world.change_plan(app, PlanAction::Assign(plan));
        world.change_plan(app, PlanAction::Hold);
        world.retire_plan(plan);
    }),
    (TokenDenial::TenantSuspended, |world, app| {
        // While the app works, its tenant cannot be suspended.
        world.switch(app, AppState::Disabled);
        world.step_tenant(app.tenant_id, TenantStep::Suspend);
        world.switch(app, AppState::Enabled);
    }),
    (TokenDenial::AppDisabled, |world, app| world.switch(app, AppState::Disabled)),
];

#[track_caller]
fn recovers(world: &World, app: &TestApp) {
    let credentials = recover_operator(&world.operator()).unwrap();
    assert_eq!(credentials.client_id, world.operator.client_id);
    assert_eq!(world.refusal(app), TokenDenial::ClientAuthenticationFailed, "the old secret is dead");
    let token = world.token(&app.with_secret(&credentials.client_secret));
    let caller = authenticate_bearer(&world.authority, &world.slug, &token, LookUp::Anywhere).unwrap();
    assert_eq!(caller.reach, Reach::Platform);
}

#[test]
fn the_operator_recovers_from_every_lock_out() {
    for (expected, lock_out) in LOCK_OUTS {
        let world = World::new();
        let app = operator(&world);
        lock_out(&world, &app);
        assert_eq!(world.refusal(&app), *expected);
        recovers(&world, &app);
    }
}

#[test]
fn the_operator_recovers_from_all_lock_outs_at_once() {
    let world = World::new();
    let app = operator(&world);
    for (_, lock_out) in LOCK_OUTS {
        lock_out(&world, &app);
    }
    recovers(&world, &app);
}

#[test]
fn recovering_leaves_a_plan_that_stops_nothing() {
    let world = World::new();
    let app = operator(&world);
    let plan = world.plan("pro", PlanPrice::Paid).id;
    world.change_plan(&app, PlanAction::Assign(plan));
    recovers(&world, &app);
    let assignment = world.record(app.id).unwrap().plan.unwrap();
    assert_eq!((assignment.plan_id, assignment.state), (plan, AssignmentState::Current));
}

#[test]
fn the_platforms_tenant_cannot_be_closed() {
    let world = World::new();
    let app = operator(&world);
    let close = || denial(step_tenant(&world.operator(), app.tenant_id, TenantStep::Close, None)).code();
    assert_eq!(close(), "platform_record");
    assert_eq!(find_tenant(&world.operator(), app.tenant_id).unwrap().state, TenantState::Active);
    world.switch(&app, AppState::Disabled);
    world.step_tenant(app.tenant_id, TenantStep::Suspend);
    assert_eq!(close(), "platform_record");
}

#[test]
fn the_operators_app_has_a_switch_of_its_own_and_its_tenant_is_suspended_only_where_it_operates_nothing() {
    let strip = AppChanges { scopes: Some(ScopeSet::default()), ..AppChanges::default() };
    let close_off = service_access(ServiceAccess::Disabled);
    type Before<'a> = &'a dyn Fn(&World, &TestApp);
    let table: [(&str, Before<'_>, Option<&str>); 5] = [
        ("as it is", &|_, _| {}, Some("operator_app_enabled")),
        (
            "on a hold",
            &|world, app| {
                world.change_plan(app, PlanAction::Assign(world.plan("pro", PlanPrice::Paid).id));
                world.change_plan(app, PlanAction::Hold);
            },
            Some("operator_app_enabled"),
        ),
        ("disabled", &|world, app| world.switch(app, AppState::Disabled), None),
        ("without scopes", &|world, app| world.update(app, &strip), None),
        ("without service access", &|world, app| world.update(app, &close_off), None),
    ];
    for (what, before, expected) in table {
        let world = World::new();
        let app = operator(&world);
        before(&world, &app);
        let suspended = step_tenant(&world.operator(), app.tenant_id, TenantStep::Suspend, None);
        match expected {
            Some(code) => assert_eq!(denial(suspended).code(), code, "{what}"),
            None => assert_eq!(suspended.unwrap().state, TenantState::Suspended, "{what}"),
        }
    }
}
