//! An app gives a reference token of its own back (RFC 7009): it counts no more, at no node.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{InstanceId, RequestId};
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Updated;

use crate::audit::attributes::changed;
use crate::authority::Authority;
use crate::handles::handle_hash;
use crate::reference_tokens::attributes::reference_token_attributes;
use crate::registry::recording::{Done, audit_done};

/// The token that an app presents; `None` if it is unknown in this instance.
pub(crate) fn find_presented(
    authority: &Authority,
    instance_id: InstanceId,
    text: &str,
) -> StoreResult<Option<ReferenceToken>> {
    authority.store.read(|reads| reads.find_reference_token(instance_id, &handle_hash(text)))
}

/// Revokes it in the name of its app; one that was revoked before stays as it is.
pub(crate) fn give_back(
    authority: &Authority,
    token: &ReferenceToken,
    request_id: Option<RequestId>,
) -> StoreResult<()> {
    let now = authority.now();
    let ReferenceToken { instance_id, tenant_id, app_id, id, .. } = *token;
    authority
        .store
        .mutate(|writes| {
            if writes.revoke_reference_token(instance_id, tenant_id, id, now)? == Updated::Stale {
                return Ok(());
            }
            let scope = ChangeScope::App(instance_id, tenant_id, app_id);
            writes.record_change(scope, TokensBefore::Live, now)?;
            let after = ReferenceToken { revoked_at: Some(now), ..token.clone() };
            let changes = changed(reference_token_attributes(token), reference_token_attributes(&after));
            let done = Done::of(id, ()).in_tenant(tenant_id).changes(changes);
            let actor = Actor::App(app_id);
            audit_done(
                authority,
                writes,
                instance_id,
                actor,
                request_id,
                "reference_token.revoke",
                &done,
                now,
            )
        })
        .map(drop)
}
