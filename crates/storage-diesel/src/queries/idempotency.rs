//! Queries of requests that must not be done twice.

use diesel::prelude::*;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::idempotency::{IdempotencyKey, IdempotencyReads, IdempotencyWrites, IdempotentRequest};
use turnkeep_storage::outcome::Inserted;

use crate::per_backend::{insert_unless_conflict, inserted};
use crate::records::idempotency::IdempotentRequestRow;
use crate::schema::idempotent_requests;
use crate::session::Session;

impl IdempotencyReads for Session<'_> {
    fn find_idempotent_request(
        &mut self,
        key: &IdempotencyKey,
        now: Timestamp,
    ) -> StoreResult<Option<IdempotentRequest>> {
        let query = idempotent_requests::table
            .filter(idempotent_requests::instance_id.eq(key.instance_id.as_bytes()))
            .filter(idempotent_requests::actor.eq(&key.actor))
            .filter(idempotent_requests::key_hash.eq(&key.key_hash))
            .filter(idempotent_requests::expires_at.gt(now.as_micros()))
            .select(IdempotentRequestRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(IdempotentRequestRow::into_request).transpose()
    }
}

impl IdempotencyWrites for Session<'_> {
    fn insert_idempotent_request(&mut self, request: &IdempotentRequest) -> StoreResult<Inserted> {
        let key = &request.key;
        let forgotten = idempotent_requests::table
            .filter(idempotent_requests::instance_id.eq(key.instance_id.as_bytes()))
            .filter(idempotent_requests::actor.eq(&key.actor))
            .filter(idempotent_requests::key_hash.eq(&key.key_hash))
            .filter(idempotent_requests::expires_at.le(request.created_at.as_micros()));
        self.run(|c| diesel::delete(forgotten).execute(c))?;
        let row = IdempotentRequestRow::from(request);
        self.run(|c| insert_unless_conflict!(c, idempotent_requests::table, &row)).map(inserted)
    }
}
