//! Reserved scopes of imported apps: no app is given one (seed 002), and no restore fails because of one.

use turnkeep_domain::app::{App, AppSettings};
use turnkeep_domain::resource::Scope;
use turnkeep_domain::scope::ScopeName;
use turnkeep_exchange::document::app::AppRecord;

use crate::exchange::import_report::RecordResult;
use crate::exchange::importing::Importing;
use crate::tokens::authenticate_bearer::MANAGEMENT_AUDIENCE;

/// The settings without reserved scopes that the app does not have already. An app may have been registered for a
/// scope before it was reserved; it keeps it where it is, and loses it on the way to another server. The platform's
/// own scopes stay, to be refused: no document has them from an export.
pub(super) fn leave_out_reserved(
    importing: &mut Importing<'_, '_>,
    record: &AppRecord,
    present: Option<&App>,
    settings: AppSettings,
) -> RecordResult<AppSettings> {
    let instance_id = importing.context.instance_id;
    let resources = importing.change.writes.list_resources(instance_id)?;
    let management = resources.iter().find(|resource| resource.audience.as_str() == MANAGEMENT_AUDIENCE);
    let is_own = |scope: &Scope| management.is_some_and(|management| management.id == scope.resource_id);
    let scopes = importing.change.writes.list_scopes(instance_id)?;
    let reserved: Vec<_> = scopes.iter().filter(|scope| scope.is_reserved() && !is_own(scope)).collect();
    let kept = settings.scopes.filtered(|name| {
        let has_it = present.is_some_and(|app| app.settings.scopes.contains(name));
        has_it || !reserved.iter().any(|scope| scope.name == *name)
    });
    let left_out: Vec<&str> =
        settings.scopes.iter().filter(|name| !kept.contains(name)).map(ScopeName::as_str).collect();
    if !left_out.is_empty() {
        importing.notes.push(format!(
            "app «{}»: reserved scopes were left out, as no app gets them: {}",
            record.client_id,
            left_out.join(", ")
        ));
    }
    Ok(AppSettings { scopes: kept, ..settings })
}
