//! Changing, switching, deleting apps and their plans.

use turnkeep_domain::app::{AppOrigin, AppState};
use turnkeep_domain::id::{AppId, PlanId};
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_app_creation::AppCreationDenial;
use turnkeep_policy::decide_app_settings::{AppSettingsViolation, AppSettingsWarning};
use turnkeep_policy::decide_plan_assignment::PlanAssignmentDenial;
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::find_app::{find_app, list_apps};
use turnkeep_service::registry::manage_plan::PlanStep;
use turnkeep_service::registry::manage_resource::delete_scope;
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::registry::update_app::{AppChanges, update_app};
use turnkeep_testkit::fixtures::{name, scopes};

use crate::world::{World, denial};

#[test]
fn only_what_is_named_changes_and_the_version_goes_up() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let before = world.record(app.id).unwrap();
    let changes = AppChanges { name: Some(name("Renamed")), ..AppChanges::default() };
    let after = update_app(&world.operator(), app.id, &changes, Some(before.version)).unwrap().app;
    let mut expected = before.clone();
    expected.settings.name = name("Renamed");
    expected.version = before.version.next();
    assert_eq!(after, expected);
    assert_eq!(world.record(app.id), Some(expected));
}

#[test]
fn a_name_may_change_its_case_but_not_meet_anothers() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let app = world.app(&tenant, "One");
    world.app(&tenant, "Two");
    let rename = |to: &str| {
        let changes = AppChanges { name: Some(name(to)), ..AppChanges::default() };
        update_app(&world.operator(), app.id, &changes, None)
    };
    rename("ONE").unwrap();
    let taken = RegistryDenial::AppCreation(AppCreationDenial::NameTaken);
    assert_eq!(denial(rename(" tWo")), taken);
    assert_eq!(world.record(app.id).unwrap().settings.name, name("ONE"));
}

#[test]
fn contradictions_are_refused_and_doubts_are_said() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let unknown = AppChanges { scopes: Some(scopes("read unknown")), ..AppChanges::default() };
    let violation = AppSettingsViolation::ScopeUnknown(ScopeName::parse("unknown").unwrap());
    let refused = denial(update_app(&world.operator(), app.id, &unknown, None));
    assert_eq!(refused, RegistryDenial::AppSettings(vec![violation]));
    let community = AppChanges { sign_in: Some(SignIn::Community), ..AppChanges::default() };
    let warnings = update_app(&world.operator(), app.id, &community, None).unwrap().warnings;
    let expected =
        [AppSettingsWarning::CommunityWithoutInternal, AppSettingsWarning::SignInWithoutRedirectUri];
    assert_eq!(warnings, expected);
    assert_eq!(find_app(&world.operator(), app.id).unwrap().warnings, expected);
}

#[test]
fn whoever_read_an_older_version_changes_nothing() {
    let world = World::new();
    let plan = world.plan("pro", PlanPrice::Paid);
    let app = world.lone_app("Acme");
    let context = world.operator();
    let stale = Some(RecordVersion::FIRST);
    world.update(&app, &AppChanges { name: Some(name("Renamed")), ..AppChanges::default() });
    let before = world.record(app.id);
    let denials = [
        denial(update_app(&context, app.id, &AppChanges::default(), stale)),
        denial(switch_app(&context, app.id, AppState::Disabled, stale)),
        denial(change_plan(&context, app.id, PlanAction::Assign(plan.id), stale)),
        denial(delete_app(&context, app.id, stale)),
    ];
    assert_eq!(denials, [const { RegistryDenial::StaleVersion }; 4]);
    assert_eq!(world.record(app.id), before);
}

#[test]
fn switching_twice_changes_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.switch(&app, AppState::Disabled);
    let before = world.record(app.id);
    let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
    world.switch(&app, AppState::Disabled);
    assert_eq!(world.record(app.id), before);
    assert_eq!(world.store.read(|reads| reads.change_sequence()).unwrap(), sequence);
}

#[test]
fn only_active_plans_are_assigned() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let draft = world.draft_plan("draft", PlanPrice::Paid);
    let archived = world.plan("archived", PlanPrice::Paid);
    world.step_plan(archived.id, PlanStep::Archive);
    let retired = world.plan("retired", PlanPrice::Paid);
    let retired = world.retire_plan(retired.id);
    let assign = |id| denial(change_plan(&world.operator(), app.id, PlanAction::Assign(id), None));
    for id in [draft.id, archived.id, retired.id] {
        assert_eq!(assign(id).code(), "plan_not_assignable");
    }
    let foreign = world.instance("acme").plan("pro", PlanPrice::Paid);
    let unknown = RegistryDenial::PlanAssignment(PlanAssignmentDenial::PlanUnknown);
    assert_eq!(assign(foreign.id), unknown);
    assert_eq!(assign(PlanId::from_bytes([9; 16])), unknown);
}

#[test]
fn a_tenant_has_one_app_on_free_plans() {
    let world = World::new();
    let (free, other) = (world.plan("free", PlanPrice::Free), world.plan("trial", PlanPrice::Free));
    let tenant = world.tenant("Acme");
    let (one, two) = (world.app(&tenant, "One"), world.app(&tenant, "Two"));
    let assign = |app: &crate::world::TestApp, plan: PlanId| {
        change_plan(&world.operator(), app.id, PlanAction::Assign(plan), None)
    };
    assign(&one, free.id).unwrap();
    let taken = RegistryDenial::PlanAssignment(PlanAssignmentDenial::FreePlanTaken);
    assert_eq!(denial(assign(&two, free.id)), taken);
    assert_eq!(denial(assign(&two, other.id)), taken);
    assign(&one, other.id).unwrap();
    assign(&world.lone_app("Other"), free.id).unwrap();
    world.change_plan(&one, PlanAction::Remove);
    assign(&two, free.id).unwrap();
}

#[test]
fn a_hold_begins_once_and_ends_with_the_payment() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let hold = |action| change_plan(&world.operator(), app.id, action, None);
    for action in [PlanAction::Hold, PlanAction::Release, PlanAction::Remove] {
        assert_eq!(denial(hold(action)), RegistryDenial::NoPlan);
    }
    let plan = world.plan("pro", PlanPrice::Paid);
    hold(PlanAction::Assign(plan.id)).unwrap();
    let since = world.authority.now();
    hold(PlanAction::Hold).unwrap();
    world.advance(60);
    let held = hold(PlanAction::Hold).unwrap().app.plan.unwrap();
    assert_eq!(held.state, AssignmentState::OnHold { since });
    assert_eq!(hold(PlanAction::Release).unwrap().app.plan.unwrap().state, AssignmentState::Current);
}

#[test]
fn lists_go_by_pages_and_by_tenant() {
    let world = World::new();
    let (acme, other) = (world.tenant("Acme"), world.tenant("Other"));
    let mut expected = Vec::new();
    for text in ["One", "Two", "Three"] {
        expected.push(world.app(&acme, text).id);
        world.advance(1);
    }
    let foreign = world.app(&other, "One").id;
    let ids = |tenant, page: Page<AppId>| {
        let apps = list_apps(&world.operator(), tenant, &Default::default(), &page).unwrap();
        apps.into_iter().map(|view| view.app.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(Some(acme.id), Page::first(2)), expected[..2]);
    assert_eq!(ids(Some(acme.id), Page::after(expected[1], 2)), expected[2..]);
    assert_eq!(ids(Some(other.id), Page::first(9)), [foreign]);
    let all = ids(None, Page::first(9));
    assert!(all.contains(&foreign) && expected.iter().all(|id| all.contains(id)));
}

#[test]
fn what_was_wrong_before_does_not_stop_other_changes() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    let app = world.app_with_scopes(&tenant, "One", "read update");
    let update = ScopeName::parse("update").unwrap();
    delete_scope(&world.operator(), world.api().id, &update).unwrap();
    let rename = AppChanges { name: Some(name("Renamed")), ..AppChanges::default() };
    let renamed = update_app(&world.operator(), app.id, &rename, None).unwrap();
    assert_eq!(renamed.app.settings.name, name("Renamed"));
    let more = AppChanges { scopes: Some(scopes("read update unknown")), ..AppChanges::default() };
    let denied = denial(update_app(&world.operator(), app.id, &more, None));
    assert!(matches!(denied, RegistryDenial::AppSettings(violations) if violations.len() == 2));
}

#[test]
fn the_platforms_own_app_cannot_be_deleted() {
    let world = World::new();
    let apps = list_apps(&world.operator(), None, &Default::default(), &Page::first(10)).unwrap();
    let operator = apps.iter().map(|view| &view.app).find(|app| app.origin == AppOrigin::Platform).unwrap();
    let denied = denial(delete_app(&world.operator(), operator.id, None));
    assert_eq!(denied, RegistryDenial::PlatformRecord);
    assert!(world.record(operator.id).is_some());
}

#[test]
fn holding_twice_changes_nothing() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.change_plan(&app, PlanAction::Assign(world.plan("pro", PlanPrice::Paid).id));
    world.change_plan(&app, PlanAction::Hold);
    let held = world.record(app.id);
    world.advance(60);
    world.change_plan(&app, PlanAction::Hold);
    assert_eq!(world.record(app.id), held);
}
