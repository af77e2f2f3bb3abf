//! Accepting an invitation: the invited person becomes a member, and the invitation is used up, in one transaction.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{InstanceId, RequestId, UserId};
use turnkeep_domain::invitation::{Invitation, InvitationState};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;
use turnkeep_policy::decide_invitation::decide_invitation_acceptance;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::changed;
use crate::authority::Authority;
use crate::handles::handle_hash;
use crate::people::attributes::invitation_attributes;
use crate::people::list_members::Member;
use crate::people::look_at_invitation::is_invitation_handle;
use crate::people::set_member::insert_member;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, expect_updated, mutate};
use crate::tokens::authenticate_bearer::{Caller, Reach};

/// Makes the caller a member by an invitation for its name. To an app, and to anybody else than the invited person,
/// there is no such invitation.
pub fn accept_invitation(context: &RegistryContext<'_>, handle: &PlaintextSecret) -> RegistryResult<Member> {
    const ACTION: &str = "invitation.accept";
    let is_handle = is_invitation_handle(handle.expose());
    let user_id = match context.caller.actor {
        Actor::User(user_id) if is_handle => Ok(user_id),
        Actor::User(_) | Actor::App(_) | Actor::System | Actor::CommandLine | Actor::Anonymous => {
            Err(RegistryDenial::NotFound.into())
        }
    };
    let user_id = context.audited(ACTION, None, user_id)?;
    let hash = handle_hash(handle.expose());
    mutate(context, ACTION, None, |change| {
        let Acceptable { invitation, user, .. } =
            acceptable(change.writes, context.instance_id, &hash, user_id, change.now)?;
        let Invitation { id, tenant_id, role, .. } = invitation;
        let state = InvitationState::Accepted { by: user_id, at: change.now };
        let after = Invitation { state, version: invitation.version.next(), ..invitation.clone() };
        expect_updated(change.writes.update_invitation(&after, None, invitation.version)?)?;
        let membership = insert_member(context, change, tenant_id, user_id, role)?;
        let changes = changed(invitation_attributes(&invitation), invitation_attributes(&after));
        let done = Done::of(id, Member { membership, user }).in_tenant(tenant_id);
        // The role is not new, but what the user is now.
        Ok(done.changes(changes).set("role", role))
    })
}

/// [`accept_invitation`] by a person who is signed in to their account.
pub fn accept_invitation_as(
    authority: &Authority,
    user: &User,
    handle: &PlaintextSecret,
    request_id: Option<RequestId>,
) -> RegistryResult<Member> {
    let caller = Caller::new(Actor::User(user.id), Reach::Nowhere);
    let instance_id = user.instance_id;
    let context = RegistryContext { authority, instance_id, caller, request_id, idempotency: None };
    accept_invitation(&context, handle)
}

/// An invitation that somebody can accept.
pub(super) struct Acceptable {
    pub(super) invitation: Invitation,
    pub(super) user: User,
    pub(super) tenant: Tenant,
}

/// The invitation with this handle, if the user can accept it.
pub(super) fn acceptable<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    hash: &[u8; 32],
    user_id: UserId,
    now: Timestamp,
) -> RegistryResult<Acceptable> {
    let found = reads.find_invitation_by_handle(instance_id, hash)?;
    let invitation = found.ok_or(RegistryDenial::NotFound)?;
    let user = reads.find_user(instance_id, user_id)?.ok_or(RegistryDenial::NotFound)?;
    let tenant = reads.find_tenant(instance_id, invitation.tenant_id)?.ok_or(RegistryDenial::NotFound)?;
    let is_member = reads.find_membership(instance_id, tenant.id, user_id)?.is_some();
    decide_invitation_acceptance(&invitation, &user, tenant.state, is_member, now)
        .map_err(RegistryDenial::from)?;
    Ok(Acceptable { invitation, user, tenant })
}
