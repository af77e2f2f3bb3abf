//! Taking a scope that is about to be gone from every app that has it: else the apps would have it again as soon as
//! somebody made another scope of that name.

use turnkeep_domain::app::{App, AppSettings};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::scope::ScopeName;

use crate::audit::attributes::{app_attributes, changed};
use crate::registry::apps_with::apps_with;
use crate::registry::context::RegistryResult;
use crate::registry::recording::{Change, Consequence, expect_updated};

/// Takes the scope from each app; their tokens are dead, as after any loss of a scope. An app may be left without any.
pub(crate) fn take_scope_from_apps(
    change: &mut Change<'_>,
    instance_id: InstanceId,
    name: &ScopeName,
) -> RegistryResult<Vec<Consequence>> {
    let filter = AppFilter { scope: Some(name.clone()), ..AppFilter::default() };
    let mut consequences = Vec::new();
    for before in apps_with(change.writes, instance_id, &filter)? {
        let scopes = before.settings.scopes.filtered(|granted| granted != name);
        let scope = ChangeScope::App(instance_id, before.tenant_id, before.id);
        let after = App {
            tokens_dead_below: change.record(scope, TokensBefore::Dead)?,
            settings: AppSettings { scopes, ..before.settings.clone() },
            version: before.version.next(),
            ..before.clone()
        };
        expect_updated(change.writes.update_app(&after, before.version)?)?;
        consequences.push(Consequence {
            action: "app.scope_removed",
            object: before.id.to_string(),
            tenant_id: before.tenant_id,
            changes: changed(app_attributes(&before), app_attributes(&after)),
        });
    }
    Ok(consequences)
}
