//! Ending what people granted, with every token that came of it.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{GrantId, InstanceId, RequestId};
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::store::Writes;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::registry::recording::{Done, audit_done};

/// Who revokes, and why.
#[derive(Debug, Clone, Copy)]
pub struct GrantRevocation {
    /// For the audit trail.
    pub actor: Actor,
    /// A stable word for the audit trail, such as `signed_out`.
    pub reason: &'static str,
    /// The request.
    pub request_id: Option<RequestId>,
    /// Now.
    pub at: Timestamp,
}

/// Revokes these grants of one instance within a mutation; returns how many were not revoked before. Their access tokens
/// are dead everywhere when the mutation returns. To come last in it, as it appends to the audit trail.
pub(crate) fn revoke_grants(
    authority: &Authority,
    writes: &mut dyn Writes,
    grants: &[PersonGrant],
    revocation: &GrantRevocation,
) -> StoreResult<u32> {
    let GrantRevocation { actor, reason, request_id, at } = *revocation;
    let mut revoked = 0;
    for grant in grants {
        if writes.revoke_grant(grant.instance_id, grant.id, at)? == Updated::Stale {
            continue;
        }
        let scope = ChangeScope::Grant(grant.instance_id, grant.tenant_id, grant.app_id, grant.id);
        writes.record_change(scope, TokensBefore::Dead, at)?;
        let done = Done::of(grant.id, ())
            .in_tenant(grant.tenant_id)
            .set("app_id", grant.app_id)
            .set("user_id", grant.user_id)
            .set("reason", reason);
        audit_done(authority, writes, grant.instance_id, actor, request_id, "grant.revoke", &done, at)?;
        revoked += 1;
    }
    Ok(revoked)
}

/// The same for one grant in a mutation of its own. One that is revoked already, or gone, is left as it is.
pub(crate) fn revoke_one_grant(
    authority: &Authority,
    instance_id: InstanceId,
    id: GrantId,
    revocation: &GrantRevocation,
) -> Result<(), Fault> {
    authority.store.mutate(|writes| {
        let grant = writes.find_grant(instance_id, id)?;
        revoke_grants(authority, writes, grant.as_slice(), revocation).map(drop)
    })?;
    Ok(())
}
