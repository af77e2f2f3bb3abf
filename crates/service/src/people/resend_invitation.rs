//! Sending an invitation again.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_domain::invitation::Invitation;
use turnkeep_policy::decide_invitation::{decide_invitation_resend, permission_to_invite};
use turnkeep_policy::permission::Permission;
use turnkeep_secret::generated::SecretKind;

use crate::audit::attributes::changed;
use crate::handles::make_handle;
use crate::people::attributes::invitation_attributes;
use crate::people::invite::{OpenInvitation, inviting_facts};
use crate::people::list_invitations::existing_invitation;
use crate::people::mail_invitation::{addressee, mail_invitation};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, expect_updated, mutate};

/// Gives an invitation its whole time again and a new handle, which is mailed like the first one; the old one is good for
/// nothing from now on.
pub fn resend_invitation(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    id: InvitationId,
) -> RegistryResult<OpenInvitation> {
    const ACTION: &str = "invitation.resend";
    context.audited(ACTION, Some(id.to_string()), context.require(Permission::ManageMembers))?;
    let handle = make_handle(context.authority, SecretKind::Invitation);
    let hash = handle.hash;
    let (invitation, addressee) = mutate(context, ACTION, Some(id.to_string()), |change| {
        let before = existing_invitation(context, change.writes, tenant_id, id)?;
        context.require(permission_to_invite(before.role))?;
        let name = &before.user_name;
        let facts = inviting_facts(context, change.writes, tenant_id, name, Some(id), change.now)?;
        decide_invitation_resend(&facts, &before, change.now).map_err(RegistryDenial::from)?;
        let expires_at = Invitation::expiry_from(change.now);
        let after = Invitation { expires_at, version: before.version.next(), ..before.clone() };
        expect_updated(change.writes.update_invitation(&after, Some(&hash), before.version)?)?;
        change.record(ChangeScope::Tenant(context.instance_id, tenant_id), TokensBefore::Live)?;
        let changes = changed(invitation_attributes(&before), invitation_attributes(&after));
        let addressee = addressee(change.writes, context.instance_id, &after.user_name)?;
        Ok(Done::of(id, (after, addressee)).in_tenant(tenant_id).changes(changes))
    })?;
    mail_invitation(context.authority, addressee, &invitation, &handle.plaintext);
    Ok(OpenInvitation { invitation, handle: handle.plaintext })
}
