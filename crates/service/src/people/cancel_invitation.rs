//! Taking an invitation back.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_domain::invitation::{Invitation, InvitationState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_invitation::decide_invitation_cancellation;
use turnkeep_policy::permission::Permission;

use crate::audit::attributes::changed;
use crate::people::attributes::invitation_attributes;
use crate::people::list_invitations::existing_invitation;
use crate::people::membership_facts::member_manager;
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// Ends an invitation that nobody took. It stays on record.
pub fn cancel_invitation(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    id: InvitationId,
    if_version: Option<RecordVersion>,
) -> RegistryResult<()> {
    const ACTION: &str = "invitation.cancel";
    context.audited(ACTION, Some(id.to_string()), context.require(Permission::ManageMembers))?;
    mutate(context, ACTION, Some(id.to_string()), |change| {
        let invitation = existing_invitation(context, change.writes, tenant_id, id)?;
        check_version(invitation.version, if_version)?;
        decide_invitation_cancellation(member_manager(context)?, &invitation, change.now)
            .map_err(RegistryDenial::from)?;
        store_cancelled(change, &invitation)
    })
}

/// Writes that a pending invitation was taken back.
pub(super) fn store_cancelled(change: &mut Change<'_>, before: &Invitation) -> RegistryResult<Done<()>> {
    let state = InvitationState::Cancelled { at: change.now };
    let after = Invitation { state, version: before.version.next(), ..before.clone() };
    expect_updated(change.writes.update_invitation(&after, None, before.version)?)?;
    change.record(ChangeScope::Tenant(before.instance_id, before.tenant_id), TokensBefore::Live)?;
    let changes = changed(invitation_attributes(before), invitation_attributes(&after));
    Ok(Done::of(before.id, ()).in_tenant(before.tenant_id).changes(changes))
}
