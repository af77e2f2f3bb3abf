//! What the decisions about memberships and invitations depend on, read from the database.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{InstanceId, TenantId, UserId};
use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::{User, UserState};
use turnkeep_policy::decide_membership_change::MembershipFacts;
use turnkeep_policy::permission::{Permission, Principal};
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::manage_tenant::existing_tenant;

/// A user's present place in a tenant, and everything around it.
pub(super) struct MembershipSituation {
    pub(super) principal: Principal,
    pub(super) tenant: Tenant,
    pub(super) user: Option<User>,
    pub(super) present: Option<Membership>,
    is_own: bool,
    other_owners: u32,
}

impl MembershipSituation {
    /// Reads it; a tenant that the caller does not reach is absent.
    pub(super) fn read<R: Reads + ?Sized>(
        context: &RegistryContext<'_>,
        reads: &mut R,
        tenant_id: TenantId,
        user_id: UserId,
    ) -> RegistryResult<Self> {
        let principal = member_manager(context)?;
        let tenant = existing_tenant(context, reads, tenant_id)?;
        let instance_id = context.instance_id;
        let user = reads.find_user(instance_id, user_id)?;
        let members = reads.list_members(instance_id, tenant.id)?;
        let mut other_owners = 0;
        for owner in members.iter().filter(|other| other.role == Role::Owner && other.user_id != user_id) {
            let owner = user_of_membership(reads, instance_id, owner.user_id)?;
            other_owners += u32::from(owner.state == UserState::Active);
        }
        let present = members.into_iter().find(|member| member.user_id == user_id);
        Ok(Self { principal, tenant, user, present, is_own: is_caller(context, user_id), other_owners })
    }

    /// For the decision.
    pub(super) fn facts(&self) -> MembershipFacts<'_> {
        MembershipFacts {
            principal: self.principal,
            is_own: self.is_own,
            tenant_state: self.tenant.state,
            user: self.user.as_ref(),
            present: self.present.map(|present| present.role),
            other_owners: self.other_owners,
        }
    }
}

/// As whom the caller manages members. Who is nobody anywhere cannot, whatever it is about.
pub(super) fn member_manager(context: &RegistryContext<'_>) -> RegistryResult<Principal> {
    Ok(context.principal().ok_or(RegistryDenial::Forbidden(Permission::ManageMembers))?)
}

/// Whether the caller is this user.
pub(super) fn is_caller(context: &RegistryContext<'_>, user_id: UserId) -> bool {
    context.caller.actor == Actor::User(user_id)
}

/// The user that a stored place or token names: users are never deleted.
pub(super) fn user_of_membership<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    user_id: UserId,
) -> StoreResult<User> {
    let missing = StoreError::Corrupt { table: "memberships", column: "user_id" };
    reads.find_user(instance_id, user_id)?.ok_or(missing)
}
