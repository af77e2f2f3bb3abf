//! The operations on plans.

use turnkeep_protocol::management::plan::{
    CreatePlanRequest, PlanResponse, PlanRetirementResponse, RetirePlanRequest, UpdatePlanRequest,
};

use crate::management::operation::{get, patch, post};
use crate::management::operations::Chapter;
use crate::management::plans::{create, read, retire, step, update};
use crate::management::query_parameter::{SEARCH, SORT, one_of};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Plans",
        description: "Only an active plan can be given to an app; an archived one goes on for the apps that are on \
            it; a retired one stops them.",
        operations: vec![
            get("/plans", "listPlans", read::list)
                .summary("Lists plans; only operators see drafts.")
                .lists::<PlanResponse>()
                .query(&[
                    SORT,
                    SEARCH,
                    one_of("state", "Only plans in this state.", &["draft", "active", "archived", "retired"]),
                    one_of("free", "Only free plans, or only others.", &["true", "false"]),
                ]),
            post("/plans", "createPlan", create::create)
                .summary("Creates a plan as a draft.")
                .takes::<CreatePlanRequest>()
                .creates::<PlanResponse>()
                .refuses(&["code_taken"]),
            get("/plans/{id}", "getPlan", read::find).summary("Shows a plan.").shows::<PlanResponse>(),
            patch("/plans/{id}", "updatePlan", update::update)
                .summary("Changes a plan; new tokens show new limits.")
                .takes::<UpdatePlanRequest>()
                .changes::<PlanResponse>(),
            post("/plans/{id}/activate", "activatePlan", step::activate)
                .summary("Makes a plan assignable.")
                .changes::<PlanResponse>()
                .refuses(&["plan_state"]),
            post("/plans/{id}/archive", "archivePlan", step::archive)
                .summary("Ends new assignments of a plan.")
                .changes::<PlanResponse>()
                .refuses(&["plan_state"]),
            post("/plans/{id}/retire", "retirePlan", retire::retire).takes_access_away()
                .summary("Retires a plan: its apps move to a successor, or stop. A dry run says what would happen.")
                .may_take::<RetirePlanRequest>()
                .changes::<PlanRetirementResponse>()
                .refuses(&[
                    "plan_state",
                    "successor_unknown",
                    "successor_is_plan",
                    "successor_not_assignable",
                    "free_plan_taken",
                ]),
        ],
    }
}
