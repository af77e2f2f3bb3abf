//! Queries of grants of people, with their codes and refresh tokens.

use diesel::prelude::*;
use turnkeep_domain::id::{GrantId, InstanceId};
use turnkeep_domain::person_grant::{AuthorizationCode, PersonGrant, RefreshToken};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::person_grant::{GrantsOf, PersonGrantEnds, PersonGrantReads, PersonGrantStarts};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::person_grant::{AuthorizationCodeRow, PersonGrantRow, RefreshTokenRow};
use crate::schema::{authorization_codes, person_grants, refresh_tokens};
use crate::session::Session;

impl PersonGrantReads for Session<'_> {
    fn find_grant(&mut self, instance_id: InstanceId, id: GrantId) -> StoreResult<Option<PersonGrant>> {
        let query = person_grants::table
            .filter(person_grants::instance_id.eq(instance_id.as_bytes()))
            .filter(person_grants::id.eq(id.as_bytes()))
            .select(PersonGrantRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(PersonGrantRow::into_domain).transpose()
    }

    fn list_grants(
        &mut self,
        instance_id: InstanceId,
        of: GrantsOf,
        now: Timestamp,
    ) -> StoreResult<Vec<PersonGrant>> {
        let mut query = person_grants::table
            .filter(person_grants::instance_id.eq(instance_id.as_bytes().to_vec()))
            .filter(person_grants::revoked_at.is_null())
            .filter(person_grants::expires_at.gt(now.as_micros()))
            .order(person_grants::id)
            .select(PersonGrantRow::as_select())
            .into_boxed();
        match of {
            GrantsOf::User(user_id) => {
                query = query.filter(person_grants::user_id.eq(user_id.as_bytes().to_vec()));
            }
            GrantsOf::UserAndApp(user_id, app_id) => {
                query = query
                    .filter(person_grants::user_id.eq(user_id.as_bytes().to_vec()))
                    .filter(person_grants::app_id.eq(app_id.as_bytes().to_vec()));
            }
            GrantsOf::Session(session_id) => {
                query = query.filter(person_grants::session_id.eq(session_id.as_bytes().to_vec()));
            }
        }
        self.run(|c| query.load(c))?.into_iter().map(PersonGrantRow::into_domain).collect()
    }

    fn find_code(
        &mut self,
        instance_id: InstanceId,
        code_hash: &[u8; 32],
    ) -> StoreResult<Option<AuthorizationCode>> {
        let query = authorization_codes::table
            .filter(authorization_codes::instance_id.eq(instance_id.as_bytes()))
            .filter(authorization_codes::code_hash.eq(code_hash))
            .select(AuthorizationCodeRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(AuthorizationCodeRow::into_domain).transpose()
    }

    fn find_refresh_token(
        &mut self,
        instance_id: InstanceId,
        token_hash: &[u8; 32],
    ) -> StoreResult<Option<RefreshToken>> {
        let query = refresh_tokens::table
            .filter(refresh_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(refresh_tokens::token_hash.eq(token_hash))
            .select(RefreshTokenRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(RefreshTokenRow::into_domain).transpose()
    }
}

impl PersonGrantStarts for Session<'_> {
    fn insert_grant(
        &mut self,
        grant: &PersonGrant,
        code: &AuthorizationCode,
        code_hash: &[u8; 32],
    ) -> StoreResult<Inserted> {
        let row = PersonGrantRow::from(grant);
        self.run(|c| diesel::insert_into(person_grants::table).values(&row).execute(c))?;
        let row = (
            AuthorizationCodeRow::from(code),
            authorization_codes::instance_id.eq(grant.instance_id.as_bytes()),
            authorization_codes::code_hash.eq(code_hash),
        );
        let outcome =
            self.run(|c| insert_unless_conflict!(c, authorization_codes::table, row)).map(inserted)?;
        if outcome == Inserted::Conflict {
            let begun = person_grants::table
                .filter(person_grants::instance_id.eq(grant.instance_id.as_bytes()))
                .filter(person_grants::id.eq(grant.id.as_bytes()));
            self.run(|c| diesel::delete(begun).execute(c))?;
        }
        Ok(outcome)
    }

    fn redeem_code(
        &mut self,
        instance_id: InstanceId,
        code_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Updated> {
        let usable = authorization_codes::table
            .filter(authorization_codes::instance_id.eq(instance_id.as_bytes()))
            .filter(authorization_codes::code_hash.eq(code_hash))
            .filter(authorization_codes::redeemed_at.is_null())
            .filter(authorization_codes::expires_at.gt(now.as_micros()));
        let redeemed = authorization_codes::redeemed_at.eq(now.as_micros());
        self.run(|c| diesel::update(usable).set(redeemed).execute(c)).map(updated)
    }

    fn insert_refresh_token(
        &mut self,
        instance_id: InstanceId,
        token: &RefreshToken,
        token_hash: &[u8; 32],
    ) -> StoreResult<Inserted> {
        let row = (
            RefreshTokenRow::from(token),
            refresh_tokens::instance_id.eq(instance_id.as_bytes()),
            refresh_tokens::token_hash.eq(token_hash),
        );
        self.run(|c| insert_unless_conflict!(c, refresh_tokens::table, row)).map(inserted)
    }

    fn use_refresh_token(
        &mut self,
        instance_id: InstanceId,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Updated> {
        let usable = refresh_tokens::table
            .filter(refresh_tokens::instance_id.eq(instance_id.as_bytes()))
            .filter(refresh_tokens::token_hash.eq(token_hash))
            .filter(refresh_tokens::used_at.is_null())
            .filter(refresh_tokens::expires_at.gt(now.as_micros()));
        let used = refresh_tokens::used_at.eq(now.as_micros());
        self.run(|c| diesel::update(usable).set(used).execute(c)).map(updated)
    }
}

impl PersonGrantEnds for Session<'_> {
    fn revoke_grant(&mut self, instance_id: InstanceId, id: GrantId, at: Timestamp) -> StoreResult<Updated> {
        let unrevoked = person_grants::table
            .filter(person_grants::instance_id.eq(instance_id.as_bytes()))
            .filter(person_grants::id.eq(id.as_bytes()))
            .filter(person_grants::revoked_at.is_null());
        let revoked = person_grants::revoked_at.eq(at.as_micros());
        self.run(|c| diesel::update(unrevoked).set(revoked).execute(c)).map(updated)
    }
}
