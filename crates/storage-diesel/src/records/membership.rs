//! Rows of `memberships`.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, TenantId, UserId};
use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use crate::schema::memberships;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships)]
pub(crate) struct MembershipRow {
    instance_id: Vec<u8>,
    tenant_id: Vec<u8>,
    user_id: Vec<u8>,
    role: String,
    created_at: i64,
    version: i64,
}

const fn at(column: &'static str) -> Cell {
    cell("memberships", column)
}

impl MembershipRow {
    pub(crate) fn new(instance_id: InstanceId, membership: &Membership) -> Self {
        Self {
            instance_id: instance_id.as_bytes().to_vec(),
            tenant_id: membership.tenant_id.as_bytes().to_vec(),
            user_id: membership.user_id.as_bytes().to_vec(),
            role: membership.role.as_str().to_owned(),
            created_at: membership.created_at.as_micros(),
            version: membership.version.as_number(),
        }
    }

    pub(crate) fn into_domain(self) -> StoreResult<Membership> {
        Ok(Membership {
            tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&self.tenant_id)?),
            user_id: UserId::from_bytes(at("user_id").bytes(&self.user_id)?),
            role: at("role").valid(Role::parse(&self.role))?,
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.version),
        })
    }
}

/// Who an operator is, and since when.
pub(crate) fn read_operator((user_id, created_at): (Vec<u8>, i64)) -> StoreResult<(UserId, Timestamp)> {
    let user_id = cell("operators", "user_id").bytes(&user_id)?;
    Ok((UserId::from_bytes(user_id), Timestamp::from_micros(created_at)))
}
