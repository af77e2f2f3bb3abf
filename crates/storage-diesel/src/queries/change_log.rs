//! Queries of the change log.

use diesel::prelude::*;
use turnkeep_domain::change::{Change, ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::change_log::{ChangeLogReads, ChangeLogWrites};
use turnkeep_storage::error::StoreResult;

use crate::records::change::ChangeRow;
use crate::schema::{change_counter, change_log};
use crate::session::Session;

impl ChangeLogReads for Session<'_> {
    fn change_sequence(&mut self) -> StoreResult<ChangeSequence> {
        let query = change_counter::table.select(change_counter::sequence);
        self.run(|c| query.get_result(c)).map(ChangeSequence::from_number)
    }

    fn list_changes(&mut self, after: ChangeSequence, limit: u32) -> StoreResult<Vec<Change>> {
        let query = change_log::table
            .filter(change_log::sequence.gt(after.as_number()))
            .order(change_log::sequence)
            .limit(i64::from(limit))
            .select(ChangeRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(ChangeRow::into_domain).collect()
    }

    fn list_kills(&mut self, made_after: Timestamp) -> StoreResult<Vec<Change>> {
        let query = change_log::table
            .filter(change_log::tokens_dead.eq(true))
            .filter(change_log::at.gt(made_after.as_micros()))
            .order(change_log::sequence)
            .select(ChangeRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(ChangeRow::into_domain).collect()
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
        let sequence = ChangeSequence::from_number(sequence);
        let row = ChangeRow::from(&Change { sequence, scope, tokens_before, at });
        self.run(|c| diesel::insert_into(change_log::table).values(row).execute(c))?;
        self.note_change(sequence);
        Ok(sequence)
    }
}
