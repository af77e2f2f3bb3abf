//! Taking a reference token back.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{AppId, ReferenceTokenId};
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::store::Writes;

use crate::audit::attributes::changed;
use crate::reference_tokens::attributes::reference_token_attributes;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::recording::{Change, Done, mutate};

pub(super) const ACTION: &str = "reference_token.revoke";

/// Revokes one of an app from the next use on; one that was revoked before stays as it is. For administrators, and for
/// the person whose it is.
pub fn revoke_reference_token(
    context: &RegistryContext<'_>,
    app_id: AppId,
    id: ReferenceTokenId,
) -> RegistryResult<()> {
    mutate(context, ACTION, Some(id.to_string()), |change| {
        let token = own_token(context, change, app_id, id)?;
        let before = match token {
            Some(token) => token,
            None => {
                context.require(Permission::ManageReferenceTokens)?;
                let app = existing_app(context, change.writes, app_id)?;
                let found =
                    change.writes.find_reference_token_by_id(context.instance_id, app.tenant_id, id)?;
                found.filter(|token| token.app_id == app_id).ok_or(RegistryDenial::NotFound)?
            }
        };
        Ok(revoke(change.writes, &before, change.now)?.unwrap_or_else(|| Done::unchanged(())))
    })
}

/// Revokes it within a mutation; `None` if it was revoked before.
pub(super) fn revoke(
    writes: &mut dyn Writes,
    token: &ReferenceToken,
    now: Timestamp,
) -> StoreResult<Option<Done<()>>> {
    let ReferenceToken { instance_id, tenant_id, app_id, id, .. } = *token;
    if writes.revoke_reference_token(instance_id, tenant_id, id, now)? == Updated::Stale {
        return Ok(None);
    }
    writes.record_change(ChangeScope::App(instance_id, tenant_id, app_id), TokensBefore::Live, now)?;
    let after = ReferenceToken { revoked_at: Some(now), ..token.clone() };
    let changes = changed(reference_token_attributes(token), reference_token_attributes(&after));
    Ok(Some(Done::of(id, ()).in_tenant(tenant_id).changes(changes)))
}

/// The token, if it acts as the person who calls.
fn own_token(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    app_id: AppId,
    id: ReferenceTokenId,
) -> RegistryResult<Option<ReferenceToken>> {
    let Actor::User(user_id) = context.caller.actor else {
        return Ok(None);
    };
    let own = change.writes.list_reference_tokens_of_user(context.instance_id, user_id)?;
    Ok(own.into_iter().find(|token| token.id == id && token.app_id == app_id))
}
