//! What an app can ask tokens for: its scopes, resource by resource.

use turnkeep_domain::id::AppId;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_policy::decide_token_scope::grants_of_app;
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::find_app::existing_app;

/// One resource that an app can have tokens for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenTarget {
    /// The `resource` parameter of a token request.
    pub audience: Audience,
    /// The `scope` parameter: all that the app may have there, never empty.
    pub scopes: ScopeSet,
}

/// Every resource that the app can have tokens for, by its scopes alone: whether it gets one now is another question.
pub fn list_token_targets(context: &RegistryContext<'_>, id: AppId) -> RegistryResult<Vec<TokenTarget>> {
    context.require_read("app.read", Some(&id), Permission::ReadApps)?;
    context.read(|reads| {
        let app = existing_app(context, reads, id)?;
        let known_resources = reads.list_resources(context.instance_id)?;
        let known_scopes = reads.list_scopes(context.instance_id)?;
        let targets = grants_of_app(&app, &known_resources, &known_scopes)
            .map(|grant| TokenTarget { audience: grant.resource.audience.clone(), scopes: grant.scopes });
        Ok(targets.collect())
    })
}
