//! The kill switch of an app (seed 002: `IsEnabled`, "acts as an immediate kill switch").

use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::AppId;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;

use crate::audit::attributes::{app_attributes, changed};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::find_app::{AppView, existing_app, view};
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// Disables an app, with every token it has, or enables it again. Doing it twice changes nothing. Tokens that
/// died stay dead.
pub fn switch_app(
    context: &RegistryContext<'_>,
    id: AppId,
    state: AppState,
    if_version: Option<RecordVersion>,
) -> RegistryResult<AppView> {
    let (action, _) = action_of(state);
    context.audited(action, Some(id.to_string()), context.require(Permission::ManageApps))?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing_app(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        change_state(context, change, before, state)
    })
}

/// Switches an app within a transaction.
pub(crate) fn change_state(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: App,
    state: AppState,
) -> RegistryResult<Done<AppView>> {
    let (id, tenant_id) = (before.id, before.tenant_id);
    let (_, tokens_before) = action_of(state);
    if before.state == state {
        return Ok(Done::unchanged(view(context, change.writes, before)?));
    }
    let sequence = change.record(ChangeScope::App(context.instance_id, tenant_id, id), tokens_before)?;
    let mut after = App { state, state_since: change.now, version: before.version.next(), ..before.clone() };
    if tokens_before == TokensBefore::Dead {
        after.tokens_dead_below = sequence;
    }
    expect_updated(change.writes.update_app(&after, before.version)?)?;
    let changes = changed(app_attributes(&before), app_attributes(&after));
    let seen = view(context, change.writes, after)?;
    Ok(Done::of(id, seen).in_tenant(tenant_id).changes(changes))
}

/// What it is called, and what becomes of tokens.
pub(crate) fn action_of(state: AppState) -> (&'static str, TokensBefore) {
    match state {
        AppState::Enabled => ("app.enable", TokensBefore::Live),
        AppState::Disabled => ("app.disable", TokensBefore::Dead),
    }
}
