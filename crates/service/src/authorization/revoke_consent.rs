//! A person takes back what they allowed an app: it is asked for again, and all that it has of the person is dead.

use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AppId, AuditEventId, RequestId};
use turnkeep_domain::user::User;
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::person_grant::GrantsOf;

use crate::audit::append::append_event;
use crate::audit::attributes::removed;
use crate::authority::Authority;
use crate::failure::Failure;
use crate::person_tokens::revoke_grants::{GrantRevocation, revoke_grants};
use crate::transaction::mutate;

const ACTION: &str = "consent.revoke";

/// Why nothing was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the person allowed this app nothing")]
pub struct NoSuchConsent;

/// Takes it back. When this returns, no node of the cluster honours what the app has of the person.
pub fn revoke_consent(
    authority: &Authority,
    user: &User,
    app_id: AppId,
    request_id: Option<RequestId>,
) -> Result<(), Failure<NoSuchConsent>> {
    let now = authority.now();
    let (instance_id, user_id) = (user.instance_id, user.id);
    let ended = mutate(&*authority.store, |writes| {
        let Some(consent) = writes.find_consent(instance_id, user_id, app_id)? else {
            return Ok(Err(NoSuchConsent));
        };
        if writes.delete_consent(instance_id, user_id, app_id)? == Updated::Stale {
            return Ok(Err(NoSuchConsent));
        }
        let event = AuditEvent {
            id: AuditEventId::new(now, authority.random_bytes()),
            instance_id,
            tenant_id: Some(consent.tenant_id),
            actor: Actor::User(user_id),
            action: ACTION,
            object: Some(app_id.to_string()),
            outcome: AuditOutcome::Done {
                changes: removed(vec![("scopes", Some(consent.scopes.to_string()))]),
            },
            request_id,
            at: now,
        };
        append_event(authority, writes, &event)?;
        // Only now: until the end of this transaction nobody else can make a code, which appends to the same trail.
        let grants = writes.list_grants(instance_id, GrantsOf::UserAndApp(user_id, app_id), now)?;
        let revocation =
            GrantRevocation { actor: Actor::User(user_id), reason: "consent_revoked", request_id, at: now };
        revoke_grants(authority, writes, &grants, &revocation)?;
        Ok(Ok(()))
    })?;
    ended.map_err(Failure::Denied)
}
