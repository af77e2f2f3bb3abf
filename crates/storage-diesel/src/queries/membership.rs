//! Queries of memberships and operators.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use turnkeep_domain::id::{InstanceId, TenantId, UserId};
use turnkeep_domain::membership::Membership;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::membership::{MembershipReads, MembershipWrites};
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};

use crate::per_backend::{deleted, insert_unless_conflict, inserted, updated};
use crate::records::membership::{MembershipRow, read_operator};
use crate::schema::{memberships, operators};
use crate::session::Session;

impl MembershipReads for Session<'_> {
    fn find_membership(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        user_id: UserId,
    ) -> StoreResult<Option<Membership>> {
        let query = memberships::table
            .filter(memberships::instance_id.eq(instance_id.as_bytes()))
            .filter(memberships::tenant_id.eq(tenant_id.as_bytes()))
            .filter(memberships::user_id.eq(user_id.as_bytes()))
            .select(MembershipRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(MembershipRow::into_domain).transpose()
    }

    fn list_members(&mut self, instance_id: InstanceId, tenant_id: TenantId) -> StoreResult<Vec<Membership>> {
        let query = memberships::table
            .filter(memberships::instance_id.eq(instance_id.as_bytes()))
            .filter(memberships::tenant_id.eq(tenant_id.as_bytes()))
            .order(memberships::user_id)
            .select(MembershipRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(MembershipRow::into_domain).collect()
    }

    fn list_memberships_of_user(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<Membership>> {
        let query = memberships::table
            .filter(memberships::instance_id.eq(instance_id.as_bytes()))
            .filter(memberships::user_id.eq(user_id.as_bytes()))
            .order(memberships::tenant_id)
            .select(MembershipRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(MembershipRow::into_domain).collect()
    }

    fn is_operator(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<bool> {
        let operator = operators::table
            .filter(operators::instance_id.eq(instance_id.as_bytes()))
            .filter(operators::user_id.eq(user_id.as_bytes()));
        self.run(|c| select(exists(operator)).get_result(c))
    }

    fn list_operators(&mut self, instance_id: InstanceId) -> StoreResult<Vec<(UserId, Timestamp)>> {
        let query = operators::table
            .filter(operators::instance_id.eq(instance_id.as_bytes()))
            .order(operators::user_id)
            .select((operators::user_id, operators::created_at));
        self.run(|c| query.load(c))?.into_iter().map(read_operator).collect()
    }
}

impl MembershipWrites for Session<'_> {
    fn insert_membership(
        &mut self,
        instance_id: InstanceId,
        membership: &Membership,
    ) -> StoreResult<Inserted> {
        let row = MembershipRow::new(instance_id, membership);
        self.run(|c| insert_unless_conflict!(c, memberships::table, &row)).map(inserted)
    }

    fn update_membership(
        &mut self,
        instance_id: InstanceId,
        membership: &Membership,
        replacing: RecordVersion,
    ) -> StoreResult<Updated> {
        let stored = memberships::table
            .filter(memberships::instance_id.eq(instance_id.as_bytes()))
            .filter(memberships::tenant_id.eq(membership.tenant_id.as_bytes()))
            .filter(memberships::user_id.eq(membership.user_id.as_bytes()))
            .filter(memberships::version.eq(replacing.as_number()));
        let changes = (
            memberships::role.eq(membership.role.as_str()),
            memberships::version.eq(membership.version.as_number()),
        );
        self.run(|c| diesel::update(stored).set(changes).execute(c)).map(updated)
    }

    fn delete_membership(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        user_id: UserId,
    ) -> StoreResult<Deleted> {
        let stored = memberships::table
            .filter(memberships::instance_id.eq(instance_id.as_bytes()))
            .filter(memberships::tenant_id.eq(tenant_id.as_bytes()))
            .filter(memberships::user_id.eq(user_id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(deleted)
    }

    fn insert_operator(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        at: Timestamp,
    ) -> StoreResult<Inserted> {
        let row = (
            operators::instance_id.eq(instance_id.as_bytes()),
            operators::user_id.eq(user_id.as_bytes()),
            operators::created_at.eq(at.as_micros()),
        );
        self.run(|c| insert_unless_conflict!(c, operators::table, row)).map(inserted)
    }

    fn delete_operator(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Deleted> {
        let stored = operators::table
            .filter(operators::instance_id.eq(instance_id.as_bytes()))
            .filter(operators::user_id.eq(user_id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(deleted)
    }
}
