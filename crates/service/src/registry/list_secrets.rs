//! The secrets of an app, without the secrets.

use turnkeep_domain::client_secret::ClientSecret;
use turnkeep_domain::id::AppId;
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::find_app::existing_app;

/// The newest first, expired and revoked ones included.
pub fn list_secrets(context: &RegistryContext<'_>, app_id: AppId) -> RegistryResult<Vec<ClientSecret>> {
    context.require_read("secret.read", Some(&app_id), Permission::ReadSecrets)?;
    context.read(|reads| {
        let app = existing_app(context, reads, app_id)?;
        let stored = reads.list_secrets(app.tenant_id, app_id)?;
        Ok(stored.into_iter().map(|stored| stored.secret).collect())
    })
}
