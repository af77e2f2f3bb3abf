//! A new plan, as a draft. Operators only.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, plan_attributes};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::recording::{Done, mutate};

/// A new plan.
#[derive(Debug, Clone)]
pub struct CreatePlanCommand {
    /// What tokens call it.
    pub code: Slug,
    /// Name for people.
    pub name: DisplayName,
    /// Whether it is free.
    pub price: PlanPrice,
    /// What it allows.
    pub limits: PlanLimits,
    /// How many tokens each app on it may ask for.
    pub token_requests: TokenRequestLimits,
}

/// Creates a plan.
pub fn create_plan(context: &RegistryContext<'_>, command: &CreatePlanCommand) -> RegistryResult<Plan> {
    context.audited("plan.create", None, context.require_operator())?;
    mutate(context, "plan.create", None, |change| {
        let plan = Plan {
            id: PlanId::new(change.now, context.authority.random_bytes()),
            instance_id: context.instance_id,
            code: command.code.clone(),
            name: command.name.clone(),
            state: PlanState::Draft,
            price: command.price,
            limits: command.limits.clone(),
            token_requests: command.token_requests,
            state_since: change.now,
            created_at: change.now,
            version: RecordVersion::FIRST,
        };
        if change.writes.insert_plan(&plan)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Code).into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let changes = created(plan_attributes(&plan));
        Ok(Done::of(plan.id, plan).changes(changes))
    })
}
