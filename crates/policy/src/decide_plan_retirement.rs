//! What happens to the apps of a plan that is retired, with or without a successor? (seeds 000 §4 and 001)

use std::collections::BTreeMap;

use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::plan::{Plan, PlanPrice, PlanState, PlanTransitionError};
use turnkeep_domain::plan_assignment::PlanAssignment;
use turnkeep_domain::time::Timestamp;

/// The plan that apps are to move to.
#[derive(Debug, Clone, Copy)]
pub enum Successor<'a> {
    /// None was asked for.
    Nothing,
    /// One that the instance does not have.
    Unknown,
    /// This one.
    Plan(&'a Plan),
}

/// An app on the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppOnPlan {
    /// The app.
    pub app_id: AppId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// Its assignment to the plan.
    pub assignment: PlanAssignment,
}

/// What the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct PlanRetirementFacts<'a> {
    /// The plan to retire.
    pub plan: &'a Plan,
    /// Where its apps go.
    pub successor: Successor<'a>,
    /// The apps on the plan that the answer is about, oldest first and without a gap: all of them where it is decided,
    /// perhaps only the first where it is foreseen.
    pub apps: &'a [AppOnPlan],
    /// How many apps of a tenant are on free plans other than the one to retire; absent is none.
    pub other_free_apps: &'a BTreeMap<TenantId, u32>,
    /// When.
    pub now: Timestamp,
}

/// What happens to one app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppFate {
    /// It gets no token any more.
    Stops,
    /// It goes on with this assignment. What was on hold stays on hold.
    Moves(PlanAssignment),
    /// The successor is free, and the tenant has its one app on a free plan.
    FreePlanTaken,
}

/// An app and what happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AffectedApp {
    /// The app.
    pub app_id: AppId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// What happens to it.
    pub fate: AppFate,
}

/// How many apps meet each fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppFates {
    /// [`AppFate::Stops`].
    pub stop: usize,
    /// [`AppFate::Moves`].
    pub move_on: usize,
    /// [`AppFate::FreePlanTaken`].
    pub free_plan_taken: usize,
}

impl AppFates {
    /// Of these apps.
    pub fn of(affected: &[AffectedApp]) -> Self {
        let mut fates = Self::default();
        for app in affected {
            match app.fate {
                AppFate::Stops => fates.stop += 1,
                AppFate::Moves(_) => fates.move_on += 1,
                AppFate::FreePlanTaken => fates.free_plan_taken += 1,
            }
        }
        fates
    }

    /// All of them.
    pub const fn all(self) -> usize {
        self.stop + self.move_on + self.free_plan_taken
    }
}

/// Why the plan is not retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanRetirementDenial {
    /// The plan is a draft, or retired already.
    #[error(transparent)]
    PlanState(#[from] PlanTransitionError),
    /// The instance has no such successor.
    #[error("the successor plan does not exist")]
    SuccessorUnknown,
    /// A plan cannot take its own place.
    #[error("a plan cannot succeed itself")]
    SuccessorIsPlan,
    /// The successor takes no apps.
    #[error("the successor plan is {state} and takes no apps")]
    SuccessorNotAssignable {
        /// The successor's state.
        state: PlanState,
    },
    /// An operator who moves apps does not mean to stop some of them.
    #[error("{apps} of the apps cannot move: their tenants have an app on a free plan")]
    FreePlanTaken {
        /// How many.
        apps: usize,
    },
}

/// What would happen to each app, also where the retirement would be refused because some cannot move.
pub fn foresee_plan_retirement(
    facts: &PlanRetirementFacts<'_>,
) -> Result<Vec<AffectedApp>, PlanRetirementDenial> {
    let successor = successor_of(facts)?;
    let mut free_apps = facts.other_free_apps.clone();
    let affected = facts.apps.iter().map(|app| AffectedApp {
        app_id: app.app_id,
        tenant_id: app.tenant_id,
        fate: successor.map_or(AppFate::Stops, |plan| fate_with(plan, app, &mut free_apps, facts.now)),
    });
    Ok(affected.collect())
}

/// How many apps would meet each fate, by how many of each tenant are on the plan; [`PlanRetirementFacts::apps`] does
/// not matter.
pub fn count_fates(
    facts: &PlanRetirementFacts<'_>,
    apps_of: &BTreeMap<TenantId, u32>,
) -> Result<AppFates, PlanRetirementDenial> {
    let successor = successor_of(facts)?;
    let mut fates = AppFates::default();
    for (tenant_id, apps) in apps_of {
        let apps = usize::try_from(*apps).unwrap_or(usize::MAX);
        match successor {
            None => fates.stop += apps,
            Some(plan) if plan.price == PlanPrice::Free => {
                let has_one = facts.other_free_apps.get(tenant_id).is_some_and(|others| 0 < *others);
                let moving = if has_one { 0 } else { apps.min(1) };
                fates.move_on += moving;
                fates.free_plan_taken += apps - moving;
            }
            Some(_) => fates.move_on += apps,
        }
    }
    Ok(fates)
}

/// What happens to each app, if all of them may move or none is to.
pub fn decide_plan_retirement(
    facts: &PlanRetirementFacts<'_>,
) -> Result<Vec<AffectedApp>, PlanRetirementDenial> {
    let affected = foresee_plan_retirement(facts)?;
    match AppFates::of(&affected).free_plan_taken {
        0 => Ok(affected),
        apps => Err(PlanRetirementDenial::FreePlanTaken { apps }),
    }
}

/// Where the apps go, if the plan can be retired like this at all.
fn successor_of<'a>(facts: &PlanRetirementFacts<'a>) -> Result<Option<&'a Plan>, PlanRetirementDenial> {
    facts.plan.state.retire()?;
    match facts.successor {
        Successor::Nothing => Ok(None),
        Successor::Unknown => Err(PlanRetirementDenial::SuccessorUnknown),
        Successor::Plan(plan) if plan.id == facts.plan.id => Err(PlanRetirementDenial::SuccessorIsPlan),
        Successor::Plan(plan) if !plan.state.is_assignable() => {
            Err(PlanRetirementDenial::SuccessorNotAssignable { state: plan.state })
        }
        Successor::Plan(plan) => Ok(Some(plan)),
    }
}

fn fate_with(
    successor: &Plan,
    app: &AppOnPlan,
    free_apps: &mut BTreeMap<TenantId, u32>,
    now: Timestamp,
) -> AppFate {
    if successor.price == PlanPrice::Free {
        let taken = free_apps.entry(app.tenant_id).or_default();
        if 0 < *taken {
            return AppFate::FreePlanTaken;
        }
        *taken = 1;
    }
    AppFate::Moves(PlanAssignment { plan_id: successor.id, assigned_at: now, state: app.assignment.state })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use turnkeep_domain::id::PlanId;
    use turnkeep_domain::plan_assignment::AssignmentState;

    use super::*;
    use crate::samples;

    const NOW: Timestamp = Timestamp::from_secs(1_000);
    const ACME: TenantId = TenantId::from_bytes([1; 16]);
    const OTHER: TenantId = TenantId::from_bytes([2; 16]);
    const HOLD: AssignmentState = AssignmentState::OnHold { since: Timestamp::from_secs(5) };

    fn on_plan(id: u8, tenant_id: TenantId, state: AssignmentState) -> AppOnPlan {
        let plan_id = samples::plan(PlanState::Active, PlanPrice::Paid).id;
        let assignment = PlanAssignment { plan_id, assigned_at: Timestamp::from_secs(1), state };
        AppOnPlan { app_id: AppId::from_bytes([id; 16]), tenant_id, assignment }
    }

    fn successor(state: PlanState, price: PlanPrice) -> Plan {
        Plan { id: PlanId::from_bytes([77; 16]), ..samples::plan(state, price) }
    }

    fn moves(state: AssignmentState) -> AppFate {
        AppFate::Moves(PlanAssignment { plan_id: PlanId::from_bytes([77; 16]), assigned_at: NOW, state })
    }

    fn facts<'a>(
        plan: &'a Plan,
        successor: Successor<'a>,
        apps: &'a [AppOnPlan],
        other_free_apps: &'a BTreeMap<TenantId, u32>,
    ) -> PlanRetirementFacts<'a> {
        PlanRetirementFacts { plan, successor, apps, other_free_apps, now: NOW }
    }

    #[test]
    fn without_a_successor_every_app_stops_and_the_plans_state_decides() {
        let (apps, none) =
            ([on_plan(1, ACME, AssignmentState::Current), on_plan(2, OTHER, HOLD)], BTreeMap::new());
        for (state, allowed) in [
            (PlanState::Draft, false),
            (PlanState::Active, true),
            (PlanState::Archived, true),
            (PlanState::Retired, false),
        ] {
            let plan = samples::plan(state, PlanPrice::Paid);
            let decided = decide_plan_retirement(&facts(&plan, Successor::Nothing, &apps, &none));
            let fates = decided.map(|apps| apps.iter().map(|app| app.fate).collect::<Vec<_>>());
            let refused = PlanTransitionError { from: state, to: PlanState::Retired };
            let expected = if allowed {
                Ok(vec![AppFate::Stops; 2])
            } else {
                Err(PlanRetirementDenial::PlanState(refused))
            };
            assert_eq!(fates, expected, "{state}");
        }
    }

    #[test]
    fn only_another_active_plan_is_a_successor() {
        let (plan, none) = (samples::plan(PlanState::Active, PlanPrice::Paid), BTreeMap::new());
        let of = |successor: Successor<'_>| decide_plan_retirement(&facts(&plan, successor, &[], &none));
        assert_eq!(of(Successor::Unknown), Err(PlanRetirementDenial::SuccessorUnknown));
        let counted = count_fates(&facts(&plan, Successor::Unknown, &[], &none), &BTreeMap::new());
        assert_eq!(counted, Err(PlanRetirementDenial::SuccessorUnknown), "nothing is counted either");
        assert_eq!(of(Successor::Plan(&plan)), Err(PlanRetirementDenial::SuccessorIsPlan));
        assert_eq!(of(Successor::Plan(&successor(PlanState::Active, PlanPrice::Paid))), Ok(vec![]));
        for state in [PlanState::Draft, PlanState::Archived, PlanState::Retired] {
            let refused = Err(PlanRetirementDenial::SuccessorNotAssignable { state });
            assert_eq!(of(Successor::Plan(&successor(state, PlanPrice::Paid))), refused);
        }
    }

    #[test]
    fn moved_apps_keep_their_hold() {
        let (plan, none) = (samples::plan(PlanState::Archived, PlanPrice::Free), BTreeMap::new());
        let paid = successor(PlanState::Active, PlanPrice::Paid);
        let apps = [on_plan(1, ACME, AssignmentState::Current), on_plan(2, ACME, HOLD)];
        let decided = decide_plan_retirement(&facts(&plan, Successor::Plan(&paid), &apps, &none)).unwrap();
        let fates: Vec<_> = decided.iter().map(|app| (app.app_id, app.tenant_id, app.fate)).collect();
        assert_eq!(
            fates,
            [(apps[0].app_id, ACME, moves(AssignmentState::Current)), (apps[1].app_id, ACME, moves(HOLD)),]
        );
    }

    #[test]
    fn a_free_successor_takes_one_app_of_each_tenant_that_has_none_on_another_free_plan() {
        let plan = samples::plan(PlanState::Active, PlanPrice::Paid);
        let free = successor(PlanState::Active, PlanPrice::Free);
        let current = AssignmentState::Current;
        let (first, second, third) =
            (on_plan(1, ACME, current), on_plan(2, ACME, current), on_plan(3, OTHER, current));
        let (none, acme_has_one) = (BTreeMap::new(), BTreeMap::from([(ACME, 1)]));
        let (moved, taken) = (moves(current), AppFate::FreePlanTaken);
        for (apps, elsewhere, expected) in [
            (vec![first, third], &none, vec![moved, moved]),
            (vec![first, second, third], &none, vec![moved, taken, moved]),
            (vec![first, third], &acme_has_one, vec![taken, moved]),
            (vec![first, second], &acme_has_one, vec![taken, taken]),
        ] {
            let facts = facts(&plan, Successor::Plan(&free), &apps, elsewhere);
            let foreseen = foresee_plan_retirement(&facts).unwrap();
            let fates: Vec<_> = foreseen.iter().map(|app| app.fate).collect();
            assert_eq!(fates, expected);
            let expected = match expected.iter().filter(|fate| **fate == taken).count() {
                0 => Ok(foreseen),
                apps => Err(PlanRetirementDenial::FreePlanTaken { apps }),
            };
            assert_eq!(decide_plan_retirement(&facts), expected);
        }
    }

    proptest! {
        #[test]
        fn fates_are_counted_without_a_look_at_the_apps(
            owners in prop::collection::vec(1..5_u8, 0..12),
            elsewhere in prop::collection::btree_map(1..5_u8, 0..3_u32, 0..4),
            price in prop::sample::select(vec![None, Some(PlanPrice::Free), Some(PlanPrice::Paid)]),
        ) {
            let tenant = |number| TenantId::from_bytes([number; 16]);
            let plan = samples::plan(PlanState::Active, PlanPrice::Paid);
            let other = price.map(|price| successor(PlanState::Active, price));
            let elsewhere = elsewhere.into_iter().map(|(owner, count)| (tenant(owner), count)).collect();
            let apps: Vec<_> = (1..).zip(&owners)
                .map(|(id, owner)| on_plan(id, tenant(*owner), AssignmentState::Current))
                .collect();
            let mut apps_of = BTreeMap::new();
            for app in &apps {
                *apps_of.entry(app.tenant_id).or_default() += 1;
            }
            let to = other.as_ref().map_or(Successor::Nothing, Successor::Plan);
            let all = facts(&plan, to, &apps, &elsewhere);
            let foreseen = foresee_plan_retirement(&all).unwrap();
            let none = facts(&plan, to, &[], &elsewhere);
            let counted = count_fates(&none, &apps_of).unwrap();
            prop_assert_eq!(counted, AppFates::of(&foreseen));
            prop_assert_eq!(counted.all(), apps.len());
            // The first of them meet the same fates without the others.
            let (some, _) = apps.split_at(apps.len() / 2);
            let first = foresee_plan_retirement(&facts(&plan, to, some, &elsewhere)).unwrap();
            prop_assert_eq!(first.as_slice(), &foreseen[..some.len()]);
        }
    }
}
