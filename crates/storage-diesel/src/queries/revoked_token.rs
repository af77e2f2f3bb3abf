//! Queries of revoked access tokens.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use turnkeep_domain::id::{InstanceId, TokenId};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::revoked_token::{RevokedToken, RevokedTokenReads, RevokedTokenWrites};

use crate::per_backend::insert_unless_conflict;
use crate::schema::revoked_tokens;
use crate::session::Session;

impl RevokedTokenReads for Session<'_> {
    fn is_token_revoked(&mut self, instance_id: InstanceId, token_id: TokenId) -> StoreResult<bool> {
        let stored = revoked_tokens::table
            .filter(revoked_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(revoked_tokens::token_id.eq(token_id.as_bytes()));
        self.run(|c| select(exists(stored)).get_result(c))
    }
}

impl RevokedTokenWrites for Session<'_> {
    fn revoke_token(&mut self, token: &RevokedToken) -> StoreResult<()> {
        let row = (
            revoked_tokens::instance_id.eq(token.instance_id.as_bytes()),
            revoked_tokens::token_id.eq(token.token_id.as_bytes()),
            revoked_tokens::app_id.eq(token.app_id.as_bytes()),
            revoked_tokens::expires_at.eq(token.expires_at.as_micros()),
        );
        self.run(|c| insert_unless_conflict!(c, revoked_tokens::table, row)).map(|_| ())
    }
}
