//! Reading the invitations of a tenant; what an invited person presents is in none of them.

use turnkeep_domain::id::{InvitationId, TenantId};
use turnkeep_domain::invitation::{Invitation, InvitationStanding};
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::Page;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::manage_tenant::existing_tenant;
use crate::registry::page_of::page_of;

/// Which invitations are wanted. A filter that says nothing wants all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InvitationFilter {
    /// Those that stand so now.
    pub standing: Option<InvitationStanding>,
    /// Those that offer this.
    pub role: Option<Role>,
}

/// An invitation, and where it is in its life at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// The record.
    pub invitation: Invitation,
    /// Its standing now.
    pub standing: InvitationStanding,
}

/// Invitations of a tenant, past ones included; their sort name is the invited name.
pub fn list_invitations(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    filter: &InvitationFilter,
    page: &Page<InvitationId>,
) -> RegistryResult<Vec<InvitationView>> {
    context.require_read("invitation.read", None, Permission::ReadMembers)?;
    let invitations = context.read(|reads| {
        let tenant = existing_tenant(context, reads, tenant_id)?;
        Ok(reads.list_invitations(context.instance_id, tenant.id)?)
    })?;
    let now = context.authority.now();
    let views = invitations.into_iter().map(|invitation| {
        let standing = invitation.state_at(now);
        InvitationView { invitation, standing }
    });
    Ok(page_of(
        views.collect(),
        page,
        |view| view.invitation.id,
        |view| view.invitation.user_name.to_string(),
        |view| {
            filter.standing.is_none_or(|standing| view.standing == standing)
                && filter.role.is_none_or(|role| view.invitation.role == role)
        },
    ))
}

/// One invitation of a tenant.
pub fn find_invitation(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    id: InvitationId,
) -> RegistryResult<InvitationView> {
    context.require_read("invitation.read", Some(&id), Permission::ReadMembers)?;
    let invitation = context.read(|reads| existing_invitation(context, reads, tenant_id, id))?;
    let standing = invitation.state_at(context.authority.now());
    Ok(InvitationView { invitation, standing })
}

/// An invitation of a tenant that the caller reaches; any other is as good as absent.
pub(super) fn existing_invitation<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    tenant_id: TenantId,
    id: InvitationId,
) -> RegistryResult<Invitation> {
    let tenant_id = context.reachable(tenant_id)?;
    let found = reads.find_invitation(context.instance_id, tenant_id, id)?;
    Ok(found.ok_or(RegistryDenial::NotFound)?)
}
