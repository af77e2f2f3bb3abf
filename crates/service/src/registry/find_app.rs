//! Reading apps: one's own tenant's, or for operators all of the instance.

use turnkeep_domain::app::App;
use turnkeep_domain::client_secret::ClientSecret;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::page::Page;
use turnkeep_policy::decide_app_settings::{AppSettingsWarning, warn_of_secrets, warn_of_settings};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;

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
    context.require_read("app.read", Some(&id), Permission::ReadApps)?;
    context.read(|reads| {
        let app = existing_app(context, reads, id)?;
        view(context, reads, app)
    })
}

/// Apps of one tenant or (for operators who name none) of the instance; their sort name is the uniqueness key of
/// their name. What their secrets deserve a second thought about is not looked up for a whole list.
pub fn list_apps(
    context: &RegistryContext<'_>,
    tenant_id: Option<TenantId>,
    filter: &AppFilter,
    page: &Page<AppId>,
) -> RegistryResult<Vec<AppView>> {
    context.require_read("app.read", None, Permission::ReadApps)?;
    let tenant_id = context.tenant_to_list(tenant_id)?;
    Ok(context.authority.store.read(|reads| {
        let apps = match tenant_id {
            Some(tenant_id) => reads.list_apps(context.instance_id, tenant_id, filter, page)?,
            None => reads.list_apps_of_instance(context.instance_id, filter, page)?,
        };
        let known_scopes = reads.list_scopes(context.instance_id)?;
        let view = |app: App| AppView { warnings: warn_of_settings(&app.settings, &known_scopes), app };
        Ok(apps.into_iter().map(view).collect())
    })?)
}

/// How many apps a tenant that the caller reaches has.
pub fn count_apps(context: &RegistryContext<'_>, tenant_id: TenantId) -> RegistryResult<u32> {
    context.require_read("app.read", None, Permission::ReadApps)?;
    let tenant_id = context.reachable(tenant_id)?;
    Ok(context.authority.store.read(|reads| reads.count_apps(context.instance_id, tenant_id))?)
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
    let stored = reads.list_secrets(app.tenant_id, app.id)?;
    let secrets: Vec<ClientSecret> = stored.into_iter().map(|stored| stored.secret).collect();
    let mut warnings = warn_of_settings(&app.settings, &known_scopes);
    warnings.extend(warn_of_secrets(&secrets, context.authority.now()));
    Ok(AppView { app, warnings })
}
