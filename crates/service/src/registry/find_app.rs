//! Reading apps: one's own tenant's, or for operators all of the instance.

use turnkeep_domain::app::App;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::page::Page;
use turnkeep_policy::decide_app_settings::AppSettingsWarning;
use turnkeep_storage::store::Reads;

use crate::failure::Failure;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::update_app::judge_settings;

/// An app and what deserves a second thought about it.
#[derive(Debug, Clone)]
pub struct AppView {
    /// The record.
    pub app: App,
    /// What deserves a second thought.
    pub warnings: Vec<AppSettingsWarning>,
}

/// One app.
pub fn find_app(context: &RegistryContext<'_>, id: AppId) -> RegistryResult<AppView> {
    context.authority.store.read(|reads| {
        let found = existing_app(context, reads, id).and_then(|app| view(context, reads, app));
        Ok(found)
    })?
}

/// Apps in the order of creation, of one tenant or (for operators who name none) of the instance.
pub fn list_apps(
    context: &RegistryContext<'_>,
    tenant_id: Option<TenantId>,
    page: Page<AppId>,
) -> RegistryResult<Vec<App>> {
    let tenant_id = match (tenant_id, context.own_tenant()) {
        (Some(tenant_id), _) => Some(context.reachable(tenant_id)?),
        (None, own) => own,
    };
    Ok(context.authority.store.read(|reads| match tenant_id {
        Some(tenant_id) => reads.list_apps(context.instance_id, tenant_id, page),
        None => reads.list_apps_of_instance(context.instance_id, page),
    })?)
}

/// An app that the caller reaches; anything else is as good as absent.
pub(crate) fn existing_app<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: AppId,
) -> RegistryResult<App> {
    let tenant_id = context.tenant_of_app(reads, id)?;
    Ok(reads.find_app(context.instance_id, tenant_id, id)?.ok_or(RegistryDenial::NotFound)?)
}

/// Adds the warnings. A record that is no longer quite right (a scope is gone) is shown all the same.
pub(crate) fn view<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    app: App,
) -> RegistryResult<AppView> {
    let known_scopes = reads.list_scopes(context.instance_id)?;
    let judged = judge_settings(context, reads, app.client_type, app.origin, &app.settings, &known_scopes);
    let warnings = match judged {
        Ok(warnings) => warnings,
        Err(Failure::Denied(_)) => Vec::new(),
        Err(fault @ Failure::Fault(_)) => return Err(fault),
    };
    Ok(AppView { app, warnings })
}
