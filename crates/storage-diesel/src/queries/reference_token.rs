//! Queries of reference tokens.

use diesel::prelude::*;
use turnkeep_domain::id::{AppId, InstanceId, ReferenceTokenId, TenantId, UserId};
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::reference_token::{ReferenceTokenReads, ReferenceTokenUse, ReferenceTokenWrites};

use crate::connection::AnyConnection;
use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::reference_token::{ReferenceTokenRow, read_token};
use crate::schema::{reference_token_uses, reference_tokens};
use crate::session::Session;

/// Tokens with their last use.
macro_rules! with_use {
    () => {
        reference_tokens::table
            .left_join(
                reference_token_uses::table.on(reference_token_uses::instance_id
                    .eq(reference_tokens::instance_id)
                    .and(reference_token_uses::id.eq(reference_tokens::id))),
            )
            .select((ReferenceTokenRow::as_select(), reference_token_uses::last_used_at.nullable()))
    };
}

impl ReferenceTokenReads for Session<'_> {
    fn find_reference_token(
        &mut self,
        instance_id: InstanceId,
        token_hash: &[u8; 32],
    ) -> StoreResult<Option<ReferenceToken>> {
        let query = with_use!()
            .filter(reference_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(reference_tokens::token_hash.eq(token_hash));
        self.run(|c| query.get_result(c).optional())?.map(read_token).transpose()
    }

    fn find_reference_token_by_id(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: ReferenceTokenId,
    ) -> StoreResult<Option<ReferenceToken>> {
        let query = with_use!()
            .filter(reference_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(reference_tokens::tenant_id.eq(tenant_id.as_bytes()))
            .filter(reference_tokens::id.eq(id.as_bytes()));
        self.run(|c| query.get_result(c).optional())?.map(read_token).transpose()
    }

    fn list_reference_tokens_of_app(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        app_id: AppId,
    ) -> StoreResult<Vec<ReferenceToken>> {
        let query = with_use!()
            .filter(reference_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(reference_tokens::tenant_id.eq(tenant_id.as_bytes()))
            .filter(reference_tokens::app_id.eq(app_id.as_bytes()))
            .order(reference_tokens::id);
        self.run(|c| query.load(c))?.into_iter().map(read_token).collect()
    }

    fn list_reference_tokens_of_user(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<ReferenceToken>> {
        let query = with_use!()
            .filter(reference_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(reference_tokens::user_id.eq(user_id.as_bytes()))
            .order(reference_tokens::id);
        self.run(|c| query.load(c))?.into_iter().map(read_token).collect()
    }
}

impl ReferenceTokenWrites for Session<'_> {
    fn insert_reference_token(
        &mut self,
        token: &ReferenceToken,
        token_hash: &[u8; 32],
    ) -> StoreResult<Inserted> {
        let row = (ReferenceTokenRow::from(token), reference_tokens::token_hash.eq(token_hash));
        self.run(|c| insert_unless_conflict!(c, reference_tokens::table, row)).map(inserted)
    }

    fn revoke_reference_token(
        &mut self,
        instance_id: InstanceId,
        tenant_id: TenantId,
        id: ReferenceTokenId,
        at: Timestamp,
    ) -> StoreResult<Updated> {
        let unrevoked = reference_tokens::table
            .filter(reference_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(reference_tokens::tenant_id.eq(tenant_id.as_bytes()))
            .filter(reference_tokens::id.eq(id.as_bytes()))
            .filter(reference_tokens::revoked_at.is_null());
        let revoked = reference_tokens::revoked_at.eq(at.as_micros());
        self.run(|c| diesel::update(unrevoked).set(revoked).execute(c)).map(updated)
    }
}

impl Session<'_> {
    /// Notes one use; an older time never replaces a newer one.
    pub(super) fn note_reference_token_use(&mut self, one: &ReferenceTokenUse) -> StoreResult<()> {
        if !self.hold_reference_token(one)? {
            return Ok(());
        }
        let at = one.at.as_micros();
        let stored = reference_token_uses::table
            .filter(reference_token_uses::instance_id.eq(one.instance_id.as_bytes()))
            .filter(reference_token_uses::id.eq(one.id.as_bytes()));
        let row = (
            reference_token_uses::instance_id.eq(one.instance_id.as_bytes()),
            reference_token_uses::id.eq(one.id.as_bytes()),
            reference_token_uses::last_used_at.eq(at),
        );
        if self.run(|c| insert_unless_conflict!(c, reference_token_uses::table, row))? == 0 {
            let used_earlier = stored.filter(reference_token_uses::last_used_at.lt(at));
            let used = reference_token_uses::last_used_at.eq(at);
            self.run(|c| diesel::update(used_earlier).set(used).execute(c))?;
        }
        Ok(())
    }

    /// Whether the token is there; if so it stays until the end of the transaction. Its app may be deleted meanwhile,
    /// and uses of what is gone are nobody's.
    fn hold_reference_token(&mut self, one: &ReferenceTokenUse) -> StoreResult<bool> {
        let stored = reference_tokens::table
            .filter(reference_tokens::instance_id.eq(one.instance_id.as_bytes()))
            .filter(reference_tokens::id.eq(one.id.as_bytes()))
            .select(reference_tokens::id);
        let found = self.run(|c| match c {
            AnyConnection::Postgres(c) => stored.for_key_share().get_result::<Vec<u8>>(c).optional(),
            AnyConnection::Sqlite(c) => stored.get_result::<Vec<u8>>(c).optional(),
        })?;
        Ok(found.is_some())
    }
}
