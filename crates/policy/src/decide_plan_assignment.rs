//! May this app be put on this plan?

use turnkeep_domain::plan::{Plan, PlanPrice, PlanState};

/// Why it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanAssignmentDenial {
    /// No such plan in this instance.
    #[error("the plan does not exist")]
    PlanUnknown,
    /// The plan is a draft, archived or retired.
    #[error("the plan is {state} and takes no apps")]
    NotAssignable {
        /// The plan's state.
        state: PlanState,
    },
    /// A tenant has one app on free plans.
    #[error("another app of the tenant is on a free plan")]
    FreePlanTaken,
}

/// Only active plans are assignable, and only one app of a tenant may be on a free one.
pub fn decide_plan_assignment(
    plan: Option<&Plan>,
    other_apps_on_free_plans: u32,
) -> Result<(), PlanAssignmentDenial> {
    let plan = plan.ok_or(PlanAssignmentDenial::PlanUnknown)?;
    if !plan.state.is_assignable() {
        return Err(PlanAssignmentDenial::NotAssignable { state: plan.state });
    }
    if plan.price == PlanPrice::Free && 0 < other_apps_on_free_plans {
        return Err(PlanAssignmentDenial::FreePlanTaken);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn seed_000_only_usable_plans_and_one_free_app() {
        use PlanPrice::{Free, Paid};
        use PlanState::{Active, Archived, Draft, Retired};
        let closed = |state| Err(PlanAssignmentDenial::NotAssignable { state });
        for (state, price, others, expected) in [
            (Active, Paid, 5, Ok(())),
            (Active, Free, 0, Ok(())),
            (Active, Free, 1, Err(PlanAssignmentDenial::FreePlanTaken)),
            (Draft, Paid, 0, closed(Draft)),
            (Archived, Paid, 0, closed(Archived)),
            (Retired, Free, 1, closed(Retired)),
        ] {
            let plan = samples::plan(state, price);
            assert_eq!(decide_plan_assignment(Some(&plan), others), expected, "{state} {price:?} {others}");
        }
        assert_eq!(decide_plan_assignment(None, 0), Err(PlanAssignmentDenial::PlanUnknown));
    }
}
