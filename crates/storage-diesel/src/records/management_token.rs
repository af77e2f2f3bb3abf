//! Rows of `management_tokens`, without the hash of the handle.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, ManagementTokenId, TenantId, UserId};
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use crate::schema::management_tokens;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = management_tokens)]
pub(crate) struct ManagementTokenRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    user_id: Vec<u8>,
    tenant_id: Option<Vec<u8>>,
    issued_by: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl From<&ManagementToken> for ManagementTokenRow {
    fn from(token: &ManagementToken) -> Self {
        Self {
            instance_id: token.instance_id.as_bytes().to_vec(),
            id: token.id.as_bytes().to_vec(),
            user_id: token.user_id.as_bytes().to_vec(),
            tenant_id: token.tenant_id.map(|id| id.as_bytes().to_vec()),
            issued_by: token.issued_by.to_string(),
            created_at: token.created_at.as_micros(),
            expires_at: token.expires_at.as_micros(),
            revoked_at: token.revoked_at.map(Timestamp::as_micros),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("management_tokens", column)
}

impl ManagementTokenRow {
    pub(crate) fn into_domain(self) -> StoreResult<ManagementToken> {
        let tenant_id = self.tenant_id.map(|id| at("tenant_id").bytes(&id)).transpose()?;
        Ok(ManagementToken {
            id: ManagementTokenId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            user_id: UserId::from_bytes(at("user_id").bytes(&self.user_id)?),
            tenant_id: tenant_id.map(TenantId::from_bytes),
            issued_by: at("issued_by").valid(self.issued_by.parse())?,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: Timestamp::from_micros(self.expires_at),
            revoked_at: self.revoked_at.map(Timestamp::from_micros),
        })
    }
}
