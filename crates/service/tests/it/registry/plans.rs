//! Plans and their life.

use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{PlanPrice, PlanState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::registry::assign_plan::PlanAction;
use turnkeep_service::registry::create_plan::{CreatePlanCommand, create_plan};
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_plan::{PlanChanges, PlanStep, find_plan, step_plan, update_plan};
use turnkeep_testkit::fixtures::{name, slug};

use crate::world::token_verbs::payload;
use crate::world::{World, denial};

fn plan_in(world: &World, state: PlanState) -> PlanId {
    let id = world.draft_plan(&format!("plan-{}", world.trail().len()), PlanPrice::Paid).id;
    let steps: &[PlanStep] = match state {
        PlanState::Draft => &[],
        PlanState::Active => &[PlanStep::Activate],
        PlanState::Archived => &[PlanStep::Activate, PlanStep::Archive],
        PlanState::Retired => &[PlanStep::Activate, PlanStep::Retire],
    };
    for step in steps {
        world.step_plan(id, *step);
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
        let steps = [PlanStep::Activate, PlanStep::Archive, PlanStep::Retire];
        for (step, expected) in steps.into_iter().zip([activate, archive, retire]) {
            let id = plan_in(&world, from);
            let stepped = step_plan(&world.operator(), id, step, None);
            match expected {
                Some(state) => assert_eq!(stepped.unwrap().state, state),
                None => assert_eq!(denial(stepped).code(), "plan_state", "{from:?} {step:?}"),
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
    let changes = PlanChanges { limits: Some(limits), name: Some(name("Professional")) };
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
        denial(step_plan(&context, plan.id, PlanStep::Retire, stale)),
    ];
    assert_eq!(refused, [const { RegistryDenial::StaleVersion }; 2]);
    assert_eq!(find_plan(&context, plan.id).unwrap(), plan);
    let elsewhere = world.bare_instance("acme");
    let context = elsewhere.operator();
    let absent = [
        denial(find_plan(&context, plan.id)),
        denial(update_plan(&context, plan.id, &PlanChanges::default(), None)),
        denial(step_plan(&context, plan.id, PlanStep::Retire, None)),
    ];
    assert_eq!(absent, [const { RegistryDenial::NotFound }; 3]);
}
