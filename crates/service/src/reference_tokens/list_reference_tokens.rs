//! The inventory of reference tokens, without the tokens.

use turnkeep_domain::id::{AppId, ReferenceTokenId};
use turnkeep_domain::page::Page;
use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenState};
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::find_app::existing_app;
use crate::registry::page_of::page_of;

/// All of an app, those in a state if one is named, past ones included until they are purged.
pub fn list_reference_tokens(
    context: &RegistryContext<'_>,
    app_id: AppId,
    state: Option<ReferenceTokenState>,
    page: &Page<ReferenceTokenId>,
) -> RegistryResult<Vec<ReferenceToken>> {
    context.require_read("reference_token.read", Some(&app_id), Permission::ReadSecrets)?;
    let now = context.authority.now();
    let tokens = context.read(|reads| {
        let app = existing_app(context, reads, app_id)?;
        Ok(reads.list_reference_tokens_of_app(context.instance_id, app.tenant_id, app_id)?)
    })?;
    let is_wanted = |token: &ReferenceToken| state.is_none_or(|state| token.state(now) == state);
    Ok(page_of(tokens, page, |token| token.id, |token| token.name.to_string(), is_wanted))
}
