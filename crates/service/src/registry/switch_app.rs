//! The kill switch of an app (seed 002: `IsEnabled`, "acts as an immediate kill switch").

use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::AppId;
use turnkeep_domain::version::RecordVersion;

use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::find_app::{AppView, existing_app, view};
use crate::registry::recording::{Done, expect_updated, mutate};

/// Disables an app, with every token it has, or enables it again. Doing it twice changes nothing. Tokens that
/// died stay dead.
pub fn switch_app(
    context: &RegistryContext<'_>,
    id: AppId,
    state: AppState,
    if_version: Option<RecordVersion>,
) -> RegistryResult<AppView> {
    let (action, words, tokens_before) = match state {
        AppState::Enabled => ("app.enable", ["disabled", "enabled"], TokensBefore::Live),
        AppState::Disabled => ("app.disable", ["enabled", "disabled"], TokensBefore::Dead),
    };
    context.audited(action, Some(id.to_string()), context.require_write())?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing_app(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        let tenant_id = before.tenant_id;
        if before.state == state {
            return Ok(Done::of(id, view(context, change.writes, before)?).in_tenant(tenant_id));
        }
        let sequence = change.record(ChangeScope::App(context.instance_id, tenant_id, id), tokens_before)?;
        let mut after = App { state, version: before.version.next(), ..before.clone() };
        if tokens_before == TokensBefore::Dead {
            after.tokens_dead_below = sequence;
        }
        expect_updated(change.writes.update_app(&after, before.version)?)?;
        let [from, to] = words.map(|word| Some(word.to_owned()));
        let seen = view(context, change.writes, after)?;
        Ok(Done::of(id, seen).in_tenant(tenant_id).change("state", from, to))
    })
}
