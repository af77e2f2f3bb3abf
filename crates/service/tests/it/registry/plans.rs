//! Plans and their life.

use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanPrice, PlanState};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_plan_retirement::{AppFate, AppFates};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_plan::{PlanChanges, PlanStep, find_plan, step_plan, update_plan};
use turnkeep_service::registry::retire_plan::{PlanRetirement, foresee_retirement, retire_plan};
use turnkeep_testkit::fixtures::{name, slug};

use crate::world::token_verbs::payload;
use crate::world::{World, denial};

fn plan_in(world: &World, state: PlanState) -> PlanId {
    let id = world.draft_plan(&format!("plan-{}", world.trail().len()), PlanPrice::Paid).id;
    let steps: &[PlanStep] = match state {
        PlanState::Draft => &[],
        PlanState::Active | PlanState::Retired => &[PlanStep::Activate],
        PlanState::Archived => &[PlanStep::Activate, PlanStep::Archive],
    };
    for step in steps {
        world.step_plan(id, *step);
    }
    if state == PlanState::Retired {
        world.retire_plan(id);
    }
    id
}

#[test]
fn only_these_steps_are_possible() {
    use PlanState::{Active, Archived, Draft, Retired};
    let world = World::bare();
    for (from, activate, archive, retire) in [
        (Draft, Some(Active), None, None),
        (Active, None, Some(Archived), Some(Retired)),
        (Archived, None, None, Some(Retired)),
        (Retired, None, None, None),
    ] {
        type Step = fn(&RegistryContext<'_>, PlanId) -> RegistryResult<Plan>;
        let steps: [Step; 3] = [
            |context, id| step_plan(context, id, PlanStep::Activate, None),
            |context, id| step_plan(context, id, PlanStep::Archive, None),
            |context, id| Ok(retire_plan(context, id, None, None)?.plan),
        ];
        for (step, expected) in steps.into_iter().zip([activate, archive, retire]) {
            let id = plan_in(&world, from);
            let stepped = step(&world.operator(), id);
            match expected {
                Some(state) => assert_eq!(stepped.unwrap().state, state),
                None => assert_eq!(denial(stepped).code(), "plan_state", "{from:?}"),
            }
            assert_eq!(find_plan(&world.operator(), id).unwrap().state, expected.unwrap_or(from));
        }
    }
}

#[test]
fn codes_are_unique_in_the_instance() {
    let world = World::bare();
    let plan = world.draft_plan("pro", PlanPrice::Paid);
    let command = CreatePlanCommand {
        code: slug("pro"),
        name: name("Other"),
        price: PlanPrice::Free,
        limits: plan.limits.clone(),
        token_requests: TokenRequestLimits::default(),
    };
    let refused = denial(create_plan(&world.operator(), &command));
    assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::Code));
    world.bare_instance("acme").draft_plan("pro", PlanPrice::Paid);
}

#[test]
fn new_limits_show_in_the_next_token() {
    let world = World::new();
    let plan = world.plan("pro", PlanPrice::Paid);
    let app = world.lone_app("Acme");
    world.change_plan(&app, PlanAction::Assign(plan.id));
    let mut limits = plan.limits.clone();
    limits.requests_per_minute = None;
    let changes =
        PlanChanges { limits: Some(limits), name: Some(name("Professional")), ..PlanChanges::default() };
    update_plan(&world.operator(), plan.id, &changes, Some(plan.version)).unwrap();
    let claims = payload(&world.token(&app));
    assert!(claims["limits"].get("requests_per_minute").is_none());
    assert_eq!(claims["limits"]["plan"], "pro", "the code never changes");
}

#[test]
fn stale_versions_and_unknown_plans_are_refused() {
    let world = World::bare();
    let plan = world.plan("pro", PlanPrice::Paid);
    let context = world.operator();
    let stale = Some(RecordVersion::FIRST);
    let refused = [
        denial(update_plan(&context, plan.id, &PlanChanges::default(), stale)),
        denial(step_plan(&context, plan.id, PlanStep::Archive, stale)),
        denial(retire_plan(&context, plan.id, None, stale)),
    ];
    assert_eq!(refused, [const { RegistryDenial::StaleVersion }; 3]);
    assert_eq!(find_plan(&context, plan.id).unwrap(), plan);
    let elsewhere = world.bare_instance("acme");
    let context = elsewhere.operator();
    let absent = [
        denial(find_plan(&context, plan.id)),
        denial(update_plan(&context, plan.id, &PlanChanges::default(), None)),
        denial(step_plan(&context, plan.id, PlanStep::Archive, None)),
        denial(retire_plan(&context, plan.id, None, None)),
        denial(foresee_retirement(&context, plan.id, None, 9)),
    ];
    assert_eq!(absent, [const { RegistryDenial::NotFound }; 5]);
}

#[test]
fn a_retirement_shows_first_who_is_affected_and_changes_nothing() {
    let world = World::new();
    let plan = world.plan("old", PlanPrice::Paid);
    let successor = world.plan("new", PlanPrice::Paid);
    let apps = [world.lone_app("Acme"), world.lone_app("Other")];
    for app in &apps {
        world.change_plan(app, PlanAction::Assign(plan.id));
    }
    world.lone_app("Bystander");
    let before = world.trail().len();
    for (successor, stops) in [(None, true), (Some(successor.id), false)] {
        let foreseen = foresee_retirement(&world.operator(), plan.id, successor, 9).unwrap();
        let hit: Vec<_> = foreseen.affected.iter().map(|affected| affected.app_id).collect();
        assert_eq!(hit, [apps[0].id, apps[1].id]);
        let names = foreseen.affected.iter().map(|app| (app.client_id.as_str(), app.tenant_name.as_str()));
        let known = [(&*apps[0].client_id, "Acme"), (&*apps[1].client_id, "Other")];
        assert_eq!(names.collect::<Vec<_>>(), known);
        assert!(foreseen.affected.iter().all(|affected| (affected.fate == AppFate::Stops) == stops));
    }
    assert_eq!(find_plan(&world.operator(), plan.id).unwrap().state, PlanState::Active);
    assert_eq!(world.trail().len(), before);
    world.token(&apps[0]);
}

#[test]
fn a_foreseen_retirement_counts_all_apps_and_names_the_first() {
    let world = World::new();
    let (plan, free) = (world.plan("old", PlanPrice::Paid), world.plan("new", PlanPrice::Free));
    let other_free = world.plan("other", PlanPrice::Free);
    let (acme, bolt) = (world.tenant("Acme"), world.tenant("Bolt"));
    let on = |tenant: &Tenant, name: &str, plan: &Plan| {
        world.advance(1);
        let app = world.app(tenant, name);
        world.change_plan(&app, PlanAction::Assign(plan.id));
        app.id
    };
    let apps = [on(&acme, "One", &plan), on(&bolt, "Two", &plan), on(&acme, "Three", &plan)];
    on(&bolt, "Four", &other_free);
    let counts = |fates: AppFates| (fates.move_on, fates.stop, fates.free_plan_taken);
    for most in [0, 1, 2, 3, 9] {
        let foresee = |successor| foresee_retirement(&world.operator(), plan.id, successor, most).unwrap();
        let named = |retirement: &PlanRetirement| {
            retirement.affected.iter().map(|app| app.app_id).collect::<Vec<_>>()
        };
        let (stopping, moving) = (foresee(None), foresee(Some(free.id)));
        assert_eq!(counts(stopping.fates), (0, 3, 0), "{most}");
        assert_eq!(counts(moving.fates), (1, 0, 2), "one of Acme moves, and Bolt has an app on a free plan");
        let expected: Vec<_> = apps.into_iter().take(most).collect();
        assert_eq!((named(&stopping), named(&moving)), (expected.clone(), expected), "{most}");
    }
    let retired = retire_plan(&world.operator(), plan.id, None, None).unwrap();
    assert_eq!((counts(retired.fates), retired.affected.len()), ((0, 3, 0), 3));
}

#[test]
fn a_successor_takes_every_app_over_in_the_same_change() {
    let world = World::new();
    let plan = world.plan("old", PlanPrice::Paid);
    let successor = world.plan("new", PlanPrice::Paid);
    let (app, held) = (world.lone_app("Acme"), world.lone_app("Held"));
    for app in [&app, &held] {
        world.change_plan(app, PlanAction::Assign(plan.id));
    }
    world.change_plan(&held, PlanAction::Hold);
    let token = world.token(&app);
    let retired = retire_plan(&world.operator(), plan.id, Some(successor.id), None).unwrap();
    assert_eq!(retired.plan.state, PlanState::Retired);
    assert!(world.is_active(&token), "an app that goes on loses nothing");
    assert_eq!(payload(&world.token(&app))["limits"]["plan"], "new");
    assert_eq!(world.refusal(&held), TokenDenial::PlanOnHold, "a hold goes along");
    let [event] = &world.events("plan.retire")[..] else { panic!("one event") };
    let set = |name: &str| {
        let change = event.changes.iter().find(|change| change.attribute == name);
        change.and_then(|change| change.after.clone())
    };
    assert_eq!(set("successor_plan_id"), Some(successor.id.to_string()));
    assert_eq!(set("apps_moved").as_deref(), Some("2"));
}

#[test]
fn a_successor_that_cannot_take_an_app_stops_the_whole_change() {
    let world = World::new();
    let plan = world.plan("old", PlanPrice::Paid);
    let free = world.plan("free", PlanPrice::Free);
    let draft = world.draft_plan("draft", PlanPrice::Paid);
    let tenant = world.tenant("Acme");
    let apps = [world.app(&tenant, "One"), world.app(&tenant, "Two")];
    for app in &apps {
        world.change_plan(app, PlanAction::Assign(plan.id));
    }
    for (successor, code) in [
        (free.id, "free_plan_taken"),
        (draft.id, "successor_not_assignable"),
        (plan.id, "successor_is_plan"),
        (PlanId::from_bytes([9; 16]), "successor_unknown"),
    ] {
        let refused = denial(retire_plan(&world.operator(), plan.id, Some(successor), None));
        assert_eq!(refused.code(), code);
    }
    assert_eq!(find_plan(&world.operator(), plan.id).unwrap().state, PlanState::Active);
    for app in &apps {
        assert_eq!(payload(&world.token(app))["limits"]["plan"], "old");
    }
}
