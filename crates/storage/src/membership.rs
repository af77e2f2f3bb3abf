//! Who is what: members of tenants and operators of instances.

use turnkeep_domain::id::{InstanceId, TenantId, UserId};
use turnkeep_domain::membership::Membership;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Deleted, Inserted, Updated};

/// Reads of memberships.
pub trait MembershipReads {
    /// A user's place in a tenant.
    fn find_membership(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        user_id: UserId,
    ) -> StoreResult<Option<Membership>>;
    /// Everybody in a tenant, in the order in which the users were created.
    fn list_members(&mut self, instance_id: InstanceId, tenant_id: TenantId) -> StoreResult<Vec<Membership>>;
    /// Every tenant of a user.
    fn list_memberships_of_user(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<Membership>>;
    /// Whether a user operates the instance.
    fn is_operator(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<bool>;
    /// Who operates the instance, and since when.
    fn list_operators(&mut self, instance_id: InstanceId) -> StoreResult<Vec<(UserId, Timestamp)>>;
}

/// Changes of memberships.
pub trait MembershipWrites {
    /// Conflicts if the user is a member of the tenant already.
    fn insert_membership(
        &mut self,
        instance_id: InstanceId,
        membership: &Membership,
    ) -> StoreResult<Inserted>;
    /// Writes the role, if the stored version is `replacing`.
    fn update_membership(
        &mut self,
        instance_id: InstanceId,
        membership: &Membership,
        replacing: RecordVersion,
    ) -> StoreResult<Updated>;
    /// Takes a user out of a tenant.
    fn delete_membership(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        user_id: UserId,
    ) -> StoreResult<Deleted>;
    /// Makes a user an operator; conflicts if it is one.
    fn insert_operator(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        at: Timestamp,
    ) -> StoreResult<Inserted>;
    /// Takes that away.
    fn delete_operator(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Deleted>;
}
