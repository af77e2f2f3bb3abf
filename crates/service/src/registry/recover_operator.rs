//! The way back in for whoever has the server's files but not the operator's secret: undoes whatever stops the
//! operator's app. It decides nothing of its own; each step is the use case that an operator would call.

use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::plan::PlanState;
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::TenantState;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::first_start::{OperatorCredentials, operate_scopes};
use crate::registry::add_secret::regenerate_secret;
use crate::registry::assign_plan::{PlanAction, change_plan};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::manage_tenant::{TenantStep, find_tenant, step_tenant};
use crate::registry::switch_app::switch_app;
use crate::registry::update_app::{AppChanges, update_app};
use crate::tokens::authenticate_bearer::OPERATE_SCOPE;

/// Lets the operator's app get tokens again, whatever stopped it, with a new secret; every older one is dead.
/// Done again after a failure, it goes on where it stopped. Only for those who reach every instance.
pub fn recover_operator(context: &RegistryContext<'_>) -> RegistryResult<OperatorCredentials> {
    context.audited("operator.recover", None, context.require_platform())?;
    let app = find_operator_app(context)?;
    if find_tenant(context, app.tenant_id)?.state != TenantState::Active {
        step_tenant(context, app.tenant_id, TenantStep::Activate, None)?;
    }
    let access = AppChanges {
        service_access: Some(ServiceAccess::AsApp),
        scopes: Some(operate_scopes()?),
        ..AppChanges::default()
    };
    update_app(context, app.id, &access, None)?;
    if let Some(action) = way_off_a_stopping_plan(context, &app)? {
        change_plan(context, app.id, action, None)?;
    }
    switch_app(context, app.id, AppState::Enabled, None)?;
    let added = regenerate_secret(context, app.id, None)?;
    Ok(OperatorCredentials {
        client_id: app.client_id,
        client_secret: added.plaintext,
        first_operator_link: None,
    })
}

/// The operator's app of the default instance: the only one that is the platform's own. Only for those who reach every
/// instance.
pub fn find_operator_app(context: &RegistryContext<'_>) -> RegistryResult<App> {
    context.audited("app.read", None, context.require_platform())?;
    let found = context.authority.store.read(|reads| reads.find_platform_app(context.instance_id))?;
    Ok(found.ok_or(RegistryDenial::NotFound)?)
}

/// The operator's app, if a tenant has it.
pub(crate) fn operator_app_of<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    tenant_id: TenantId,
) -> StoreResult<Option<App>> {
    let app = reads.find_platform_app(instance_id)?;
    Ok(app.filter(|app| app.tenant_id == tenant_id))
}

/// Whether somebody can operate by the operator's app as it is set; nothing of its tenant or its plan.
pub(crate) fn operates(app: &App) -> bool {
    let has_access = match app.settings.service_access {
        ServiceAccess::AsApp | ServiceAccess::AsUser(_) => true,
        ServiceAccess::Disabled => false,
    };
    let is_enabled = app.state == AppState::Enabled;
    is_enabled && has_access && app.settings.scopes.iter().any(|scope| scope.as_str() == OPERATE_SCOPE)
}

/// A retired plan stops an app until it is taken off, a hold until it is released.
fn way_off_a_stopping_plan(context: &RegistryContext<'_>, app: &App) -> RegistryResult<Option<PlanAction>> {
    let Some(assignment) = app.plan else {
        return Ok(None);
    };
    let plan =
        context.authority.store.read(|reads| reads.find_plan(context.instance_id, assignment.plan_id))?;
    let is_retired = plan.is_some_and(|plan| plan.state == PlanState::Retired);
    Ok(match assignment.state {
        _ if is_retired => Some(PlanAction::Remove),
        AssignmentState::OnHold { .. } => Some(PlanAction::Release),
        AssignmentState::Current => None,
    })
}
