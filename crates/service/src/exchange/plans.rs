//! Plans.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanPrice, PlanState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_exchange::document::plan::PlanRecord;
use turnkeep_exchange::document::values::value;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, plan_attributes};
use crate::exchange::import_report::{RecordResult, immutable, refusal};
use crate::exchange::importing::{Found, Importing};
use crate::exchange::references::find_plan_by_code;
use crate::failure::Fault;
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::manage_plan::{PlanChanges, PlanStep, change_plan_record, step_name, take_step};
use crate::registry::recording::Done;

/// Imports a plan. A new one begins in the state that the document says.
pub(super) fn import_plan(importing: &mut Importing<'_, '_>, record: &PlanRecord) -> Result<(), Fault> {
    importing.record("plan", &record.code, |importing| put_plan(importing, record)).map(drop)
}

fn put_plan(importing: &mut Importing<'_, '_>, record: &PlanRecord) -> RecordResult<Found> {
    let instance_id = importing.context.instance_id;
    let name = value("name", DisplayName::parse(&record.name))?;
    let Some(before) = find_plan_by_code(importing.change.writes, instance_id, &record.code)? else {
        let now = importing.change.now;
        let plan = Plan {
            id: PlanId::new(now, importing.context.authority.random_bytes()),
            instance_id,
            code: value("code", Slug::parse(&record.code))?,
            name,
            state: record.state_value().unwrap_or(PlanState::Draft),
            price: record.price().unwrap_or(PlanPrice::Paid),
            limits: record.limits_on(None)?,
            token_requests: record.token_requests_on(None)?,
            state_since: now,
            created_at: now,
            version: RecordVersion::FIRST,
        };
        if importing.change.writes.insert_plan(&plan)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Code).into());
        }
        importing.record_instance_change()?;
        importing.done("plan.create", Done::of(plan.id, ()).changes(created(plan_attributes(&plan))));
        return Ok(Found::New);
    };
    if record.price().is_some_and(|price| price != before.price) {
        return Err(immutable("free"));
    }
    let limits = record.limits_on(Some(&before.limits))?;
    let mut plan = before;
    let token_requests = record.token_requests_on(Some(&plan.token_requests))?;
    if plan.name != name || plan.limits != limits || plan.token_requests != token_requests {
        let changes =
            PlanChanges { name: Some(name), limits: Some(limits), token_requests: Some(token_requests) };
        let done = change_plan_record(importing.context, &mut importing.change, &plan, &changes)?;
        plan = importing.done("plan.update", done);
    }
    if let Some(wanted) = record.state_value() {
        bring_to_state(importing, plan, wanted)?;
    }
    Ok(Found::Known)
}

/// Takes the steps that an operator would take.
fn bring_to_state(importing: &mut Importing<'_, '_>, plan: Plan, wanted: PlanState) -> RecordResult<()> {
    let steps: &[PlanStep] = match (plan.state, wanted) {
        (PlanState::Draft, PlanState::Active) => &[PlanStep::Activate],
        (PlanState::Draft, PlanState::Archived) => &[PlanStep::Activate, PlanStep::Archive],
        (PlanState::Active, PlanState::Archived) => &[PlanStep::Archive],
        (present, wanted) if present == wanted => &[],
        (present, PlanState::Draft) => {
            importing
                .notes
                .push(format!("plan «{}» stays {present}: no plan becomes a draft again", plan.code));
            &[]
        }
        (_, PlanState::Retired) => {
            let how =
                "a plan that is there is retired with `turnkeep plan retire`, which says whom that stops";
            return Err(refusal("state", "plan_state", how));
        }
        // The transition itself says why not.
        (_, PlanState::Active) => &[PlanStep::Activate],
        (_, PlanState::Archived) => &[PlanStep::Archive],
    };
    let mut plan = plan;
    for step in steps {
        let done = take_step(importing.context, &mut importing.change, &plan, *step)?;
        plan = importing.done(step_name(*step), done);
    }
    Ok(())
}
