//! Giving a user a role in a tenant.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_membership_change::{MembershipChange, decide_membership_change};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{changed, created};
use crate::people::attributes::membership_attributes;
use crate::people::list_members::Member;
use crate::people::membership_facts::{MembershipSituation, user_of_membership};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// Changes a member's role; operators also put somebody new into the tenant, whom others have to invite.
pub fn set_member(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    user_id: UserId,
    role: Role,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Member> {
    const ACTION: &str = "member.set";
    context.audited(ACTION, Some(user_id.to_string()), context.require(Permission::ManageMembers))?;
    mutate(context, ACTION, Some(user_id.to_string()), |change| {
        put_member(context, change, tenant_id, user_id, role, if_version)
    })
}

/// Gives a user a role within a transaction.
pub(crate) fn put_member(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    tenant_id: TenantId,
    user_id: UserId,
    role: Role,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Done<Member>> {
    let situation = MembershipSituation::read(context, change.writes, tenant_id, user_id)?;
    decide_membership_change(&situation.facts(), MembershipChange::Set(role))
        .map_err(RegistryDenial::from)?;
    match situation.present {
        Some(before) => {
            check_version(before.version, if_version)?;
            change_role(context, change, before, role)
        }
        // A caller that read a member finds none.
        None if if_version.is_some() => Err(RegistryDenial::StaleVersion.into()),
        None => add(context, change, tenant_id, user_id, role),
    }
}

fn change_role(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: Membership,
    role: Role,
) -> RegistryResult<Done<Member>> {
    let user = user_of_membership(change.writes, context.instance_id, before.user_id)?;
    if before.role == role {
        return Ok(Done::unchanged(Member { membership: before, user }));
    }
    let after = Membership { role, version: before.version.next(), ..before };
    expect_updated(change.writes.update_membership(context.instance_id, &after, before.version)?)?;
    change.record(ChangeScope::Tenant(context.instance_id, before.tenant_id), TokensBefore::Live)?;
    let changes = changed(membership_attributes(&before), membership_attributes(&after));
    let done = Done::of(before.user_id, Member { membership: after, user });
    Ok(done.in_tenant(before.tenant_id).changes(changes))
}

fn add(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    tenant_id: TenantId,
    user_id: UserId,
    role: Role,
) -> RegistryResult<Done<Member>> {
    let membership = insert_member(context, change, tenant_id, user_id, role)?;
    let user = user_of_membership(change.writes, context.instance_id, user_id)?;
    let changes = created(membership_attributes(&membership));
    Ok(Done::of(user_id, Member { membership, user }).in_tenant(tenant_id).changes(changes))
}

/// A new member's place, in the change log too. Its versions begin at its place in that log, so that no version
/// of a membership that ended comes back with another one of the same user.
pub(crate) fn insert_member(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    tenant_id: TenantId,
    user_id: UserId,
    role: Role,
) -> RegistryResult<Membership> {
    let scope = ChangeScope::Tenant(context.instance_id, tenant_id);
    let version = change.record(scope, TokensBefore::Live)?.first_version();
    let membership = Membership { tenant_id, user_id, role, created_at: change.now, version };
    if change.writes.insert_membership(context.instance_id, &membership)? == Inserted::Conflict {
        // Mutations run one after the other, and there was none.
        return Err(StoreError::Corrupt { table: "memberships", column: "user_id" }.into());
    }
    Ok(membership)
}
