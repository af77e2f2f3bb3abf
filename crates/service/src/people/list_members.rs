//! Reading who is in a tenant, and as what.

use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::page::Page;
use turnkeep_domain::user::User;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::people::membership_facts::user_of_membership;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::manage_tenant::existing_tenant;
use crate::registry::page_of::page_of;

/// A user's place in a tenant, and the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The place.
    pub membership: Membership,
    /// The user.
    pub user: User,
}

/// Members of a tenant, those with a role if one is named; their sort name is the user name.
pub fn list_members(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    role: Option<Role>,
    page: &Page<UserId>,
) -> RegistryResult<Vec<Member>> {
    context.require_read("member.read", None, Permission::ReadMembers)?;
    let members = context.read(|reads| members_of(context, reads, tenant_id))?;
    Ok(page_of(
        members,
        page,
        |member| member.user.id,
        |member| member.user.name.to_string(),
        |member| role.is_none_or(|role| member.membership.role == role),
    ))
}

/// One member of a tenant.
pub fn find_member(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    user_id: UserId,
) -> RegistryResult<Member> {
    context.require_read("member.read", Some(&user_id), Permission::ReadMembers)?;
    context.read(|reads| member_of(context, reads, tenant_id, user_id))
}

fn members_of(
    context: &RegistryContext<'_>,
    reads: &mut dyn Reads,
    tenant_id: TenantId,
) -> RegistryResult<Vec<Member>> {
    let tenant = existing_tenant(context, reads, tenant_id)?;
    let memberships = reads.list_members(context.instance_id, tenant.id)?;
    memberships.into_iter().map(|membership| with_user(context, reads, membership)).collect()
}

fn member_of(
    context: &RegistryContext<'_>,
    reads: &mut dyn Reads,
    tenant_id: TenantId,
    user_id: UserId,
) -> RegistryResult<Member> {
    let tenant = existing_tenant(context, reads, tenant_id)?;
    let found = reads.find_membership(context.instance_id, tenant.id, user_id)?;
    with_user(context, reads, found.ok_or(RegistryDenial::NotFound)?)
}

fn with_user(
    context: &RegistryContext<'_>,
    reads: &mut dyn Reads,
    membership: Membership,
) -> RegistryResult<Member> {
    let user = user_of_membership(reads, context.instance_id, membership.user_id)?;
    Ok(Member { membership, user })
}
