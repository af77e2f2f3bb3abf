//! Queries of management tokens.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, ManagementTokenId, UserId};
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::management_token::{ManagementTokenReads, ManagementTokenWrites};
use turnkeep_storage::outcome::{Inserted, Updated};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::management_token::ManagementTokenRow;
use crate::schema::management_tokens;
use crate::session::Session;

impl ManagementTokenReads for Session<'_> {
    fn find_management_token(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Option<ManagementToken>> {
        let query = management_tokens::table
            .filter(management_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(management_tokens::handle_hash.eq(handle_hash))
            .select(ManagementTokenRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(ManagementTokenRow::into_domain).transpose()
    }

    fn list_management_tokens(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<ManagementToken>> {
        let query = management_tokens::table
            .filter(management_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(management_tokens::user_id.eq(user_id.as_bytes()))
            .order(management_tokens::id)
            .select(ManagementTokenRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(ManagementTokenRow::into_domain).collect()
    }
}

impl ManagementTokenWrites for Session<'_> {
    fn insert_management_token(
        &mut self,
        token: &ManagementToken,
        handle_hash: &[u8; 32],
    ) -> StoreResult<Inserted> {
        let row = (ManagementTokenRow::from(token), management_tokens::handle_hash.eq(handle_hash));
        self.run(|c| insert_unless_conflict!(c, management_tokens::table, row)).map(inserted)
    }

    fn revoke_management_token(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        id: ManagementTokenId,
        at: Timestamp,
    ) -> StoreResult<Updated> {
        let unrevoked = management_tokens::table
            .filter(management_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(management_tokens::user_id.eq(user_id.as_bytes()))
            .filter(management_tokens::id.eq(id.as_bytes()))
            .filter(management_tokens::revoked_at.is_null());
        let revoked = management_tokens::revoked_at.eq(at.as_micros());
        self.run(|c| diesel::update(unrevoked).set(revoked).execute(c)).map(updated)
    }
}
