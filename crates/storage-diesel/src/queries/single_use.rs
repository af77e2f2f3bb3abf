//! Queries of things that work once.

use diesel::prelude::*;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::single_use::{Consumption, SingleUse, SingleUseWrites};

use crate::per_backend::{insert_unless_conflict, inserted};
use crate::schema::single_uses;
use crate::session::Session;

impl SingleUseWrites for Session<'_> {
    fn insert_single_use(&mut self, single_use: &SingleUse) -> StoreResult<Inserted> {
        let row = (
            single_uses::instance_id.eq(single_use.instance_id.as_bytes()),
            single_uses::handle_hash.eq(&single_use.handle_hash),
            single_uses::expires_at.eq(single_use.expires_at.as_micros()),
        );
        self.run(|c| insert_unless_conflict!(c, single_uses::table, row)).map(inserted)
    }

    fn consume_single_use(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Consumption> {
        let stored = single_uses::table
            .filter(single_uses::instance_id.eq(instance_id.as_bytes()))
            .filter(single_uses::handle_hash.eq(handle_hash));
        let usable = stored
            .filter(single_uses::consumed_at.is_null())
            .filter(single_uses::expires_at.gt(now.as_micros()));
        let consumed = single_uses::consumed_at.eq(now.as_micros());
        if self.run(|c| diesel::update(usable).set(consumed).execute(c))? == 1 {
            return Ok(Consumption::Consumed);
        }
        // Only names what the one statement above has decided.
        let consumed_at =
            self.run(|c| stored.select(single_uses::consumed_at).get_result::<Option<i64>>(c).optional())?;
        Ok(match consumed_at.flatten() {
            Some(_) => Consumption::AlreadyConsumed,
            None => Consumption::Unknown,
        })
    }
}
