//! Queries of the change log.

use diesel::prelude::*;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::change_log::{ChangeLogReads, ChangeLogWrites};
use turnkeep_storage::error::StoreResult;

use crate::schema::{change_counter, change_log};
use crate::session::Session;

impl ChangeLogReads for Session<'_> {
    fn change_sequence(&mut self) -> StoreResult<ChangeSequence> {
        let query = change_counter::table.select(change_counter::sequence);
        self.run(|c| query.get_result(c)).map(ChangeSequence::from_number)
    }
}

impl ChangeLogWrites for Session<'_> {
    fn record_change(
        &mut self,
        scope: ChangeScope,
        tokens_before: TokensBefore,
        at: Timestamp,
    ) -> StoreResult<ChangeSequence> {
        let next = change_counter::sequence.eq(change_counter::sequence + 1);
        let sequence: i64 = self.run(|c| {
            diesel::update(change_counter::table).set(next).returning(change_counter::sequence).get_result(c)
        })?;
        let (tenant_id, app_id) = match scope {
            ChangeScope::Instance(_) => (None, None),
            ChangeScope::Tenant(_, tenant_id) => (Some(tenant_id), None),
            ChangeScope::App(_, tenant_id, app_id) => (Some(tenant_id), Some(app_id)),
        };
        let row = (
            change_log::sequence.eq(sequence),
            change_log::instance_id.eq(scope.instance_id().as_bytes().to_vec()),
            change_log::tenant_id.eq(tenant_id.map(|id| id.as_bytes().to_vec())),
            change_log::app_id.eq(app_id.map(|id| id.as_bytes().to_vec())),
            change_log::tokens_dead.eq(tokens_before == TokensBefore::Dead),
            change_log::at.eq(at.as_micros()),
        );
        self.run(|c| diesel::insert_into(change_log::table).values(row).execute(c))?;
        Ok(ChangeSequence::from_number(sequence))
    }
}
