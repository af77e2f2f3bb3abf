//! Taking a management token back.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{ManagementTokenId, UserId};
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_storage::outcome::Updated;

use crate::audit::attributes::changed;
use crate::people::attributes::management_token_attributes;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};

/// Revokes a token of a user from the next request on; one that was revoked before is absent. Operators only.
pub fn revoke_management_token(
    context: &RegistryContext<'_>,
    user_id: UserId,
    id: ManagementTokenId,
) -> RegistryResult<()> {
    const ACTION: &str = "management_token.revoke";
    context.audited(ACTION, Some(id.to_string()), context.require_operator())?;
    mutate(context, ACTION, Some(id.to_string()), |change| {
        let instance_id = context.instance_id;
        let tokens = change.writes.list_management_tokens(instance_id, user_id)?;
        let before = tokens.into_iter().find(|token| token.id == id).ok_or(RegistryDenial::NotFound)?;
        match change.writes.revoke_management_token(instance_id, user_id, id, change.now)? {
            Updated::Updated => {}
            Updated::Stale => return Err(RegistryDenial::NotFound.into()),
        }
        change.record(ChangeScope::Instance(instance_id), TokensBefore::Live)?;
        let after = ManagementToken { revoked_at: Some(change.now), ..before };
        let changes = changed(management_token_attributes(&before), management_token_attributes(&after));
        let done = Done::of(id, ()).changes(changes);
        Ok(match before.tenant_id {
            Some(tenant_id) => done.in_tenant(tenant_id),
            None => done,
        })
    })
}
