//! An app gives a reference token of its own back (RFC 7009): it counts no more, at no node.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{InstanceId, RequestId};
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_storage::error::StoreResult;

use crate::authority::Authority;
use crate::handles::handle_hash;
use crate::reference_tokens::revoke_reference_token::{ACTION, revoke};
use crate::registry::recording::audit_done;

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
    let (now, instance_id, actor) = (authority.now(), token.instance_id, Actor::App(token.app_id));
    authority
        .store
        .mutate(|writes| match revoke(writes, token, now)? {
            Some(done) => audit_done(authority, writes, instance_id, actor, request_id, ACTION, &done, now),
            None => Ok(()),
        })
        .map(drop)
}
