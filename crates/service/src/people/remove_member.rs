//! Taking a user out of a tenant, with the invitations that the user made and that nobody took yet.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_domain::invitation::{Invitation, InvitationState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_membership_change::{MembershipChange, decide_membership_change};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::outcome::Deleted;

use crate::audit::attributes::removed;
use crate::people::attributes::membership_attributes;
use crate::people::cancel_invitation::store_cancelled;
use crate::people::membership_facts::{MembershipSituation, is_caller, member_manager};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, audit_done, mutate};

/// Ends a membership, one's own too. It is judged anew at the user's next call.
pub fn remove_member(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    user_id: UserId,
    if_version: Option<RecordVersion>,
) -> RegistryResult<()> {
    const ACTION: &str = "member.remove";
    let permitted = if is_caller(context, user_id) {
        member_manager(context).map(|_| ())
    } else {
        context.require(Permission::ManageMembers)
    };
    context.audited(ACTION, Some(user_id.to_string()), permitted)?;
    mutate(context, ACTION, Some(user_id.to_string()), |change| {
        let situation = MembershipSituation::read(context, change.writes, tenant_id, user_id)?;
        decide_membership_change(&situation.facts(), MembershipChange::Remove)
            .map_err(RegistryDenial::from)?;
        let before = situation.present.ok_or(RegistryDenial::NotFound)?;
        check_version(before.version, if_version)?;
        if change.writes.delete_membership(context.instance_id, tenant_id, user_id)? == Deleted::Unknown {
            return Err(RegistryDenial::NotFound.into());
        }
        change.record(ChangeScope::Tenant(context.instance_id, tenant_id), TokensBefore::Live)?;
        cancel_invitations_by(context, change, tenant_id, user_id)?;
        let changes = removed(membership_attributes(&before));
        Ok(Done::of(user_id, ()).in_tenant(tenant_id).changes(changes))
    })
}

/// What somebody offered who has no say any more is offered no longer; also what has expired, since it could be
/// sent again.
fn cancel_invitations_by(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    tenant_id: TenantId,
    user_id: UserId,
) -> RegistryResult<()> {
    let invitations = change.writes.list_invitations(context.instance_id, tenant_id)?;
    let is_theirs = |invitation: &Invitation| {
        invitation.invited_by == Actor::User(user_id) && invitation.state == InvitationState::Pending
    };
    for invitation in invitations.into_iter().filter(is_theirs) {
        let done = store_cancelled(change, &invitation)?;
        let RegistryContext { authority, instance_id, caller, request_id, .. } = *context;
        let (writes, now) = (&mut *change.writes, change.now);
        audit_done(
            authority,
            writes,
            instance_id,
            caller.actor,
            request_id,
            "invitation.cancel",
            &done,
            now,
        )?;
    }
    Ok(())
}
