//! Who is in tenants, and who is invited into them. What is closed is over: nobody is found there.

use std::collections::HashMap;

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::{Search, UserFilter};
use turnkeep_domain::id::{InstanceId, TenantId, UserId};
use turnkeep_domain::page::Page;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::user::User;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use super::{FoundInvitation, FoundMember, MOST_FOUND, cut};
use crate::people::list_invitations::InvitationView;
use crate::people::list_members::{Member, list_members};
use crate::registry::context::{RegistryContext, RegistryResult};

/// Members of one tenant, by user name, display name or id.
pub(super) fn members_of_tenant(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    search: &Search,
    text: &str,
) -> RegistryResult<Vec<FoundMember>> {
    let mut members = list_members(context, tenant_id, None, &Page::<UserId>::by_name(u32::MAX))?;
    let named = UserFilter { search: Some(search.clone()), ..UserFilter::default() };
    members.retain(|Member { user, .. }| named.wants(user) || user.id.to_string() == text);
    let names = context.authority.store.read(|reads| names_of(reads, context.instance_id, &[tenant_id]))?;
    Ok(in_open_tenants(cut(members), &names))
}

/// Where these users are members.
pub(super) fn members_among(
    context: &RegistryContext<'_>,
    users: &[User],
) -> RegistryResult<Vec<FoundMember>> {
    context.require_read("member.read", None, Permission::ReadMembers)?;
    let (members, names) = context.authority.store.read(|reads| {
        let mut members = Vec::new();
        for user in users {
            for membership in reads.list_memberships_of_user(context.instance_id, user.id)? {
                members.push(Member { membership, user: user.clone() });
            }
        }
        let ids: Vec<_> = members.iter().map(|member| member.membership.tenant_id).collect();
        let names = names_of(reads, context.instance_id, &ids)?;
        Ok((members, names))
    })?;
    Ok(cut(in_open_tenants(members, &names)))
}

/// Open invitations by a part of the invited name: into the caller's tenant, for operators into every one.
pub(super) fn invitations_of(
    context: &RegistryContext<'_>,
    search: &Search,
) -> RegistryResult<Vec<FoundInvitation>> {
    context.require_read("invitation.read", None, Permission::ReadMembers)?;
    let (instance_id, tenant_id) = (context.instance_id, context.tenant_to_list(None)?);
    let (invitations, names) = context.authority.store.read(|reads| {
        let invitations = reads.search_open_invitations(instance_id, tenant_id, search, MOST_FOUND)?;
        let ids: Vec<_> = invitations.iter().map(|invitation| invitation.tenant_id).collect();
        Ok((invitations, names_of(reads, instance_id, &ids)?))
    })?;
    let now = context.authority.now();
    let found = invitations.into_iter().filter_map(|invitation| {
        let tenant_name = names.get(&invitation.tenant_id)?.clone();
        let standing = invitation.state_at(now);
        Some(FoundInvitation { view: InvitationView { invitation, standing }, tenant_name })
    });
    Ok(found.collect())
}

type Names = HashMap<TenantId, DisplayName>;

/// What those of these tenants are called that are not closed.
fn names_of(reads: &mut dyn Reads, instance_id: InstanceId, ids: &[TenantId]) -> StoreResult<Names> {
    let tenants = reads.find_tenants(instance_id, ids)?.into_iter();
    let open = tenants.filter(|tenant| tenant.state != TenantState::Closed);
    Ok(open.map(|tenant| (tenant.id, tenant.name)).collect())
}

fn in_open_tenants(members: Vec<Member>, names: &Names) -> Vec<FoundMember> {
    let found = members.into_iter().filter_map(|member| {
        let tenant_name = names.get(&member.membership.tenant_id)?.clone();
        Some(FoundMember { member, tenant_name })
    });
    found.collect()
}
