//! Queries of the audit trail.

use diesel::dsl::AsSelect;
use diesel::prelude::*;
use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::seal::SealedHead;
use turnkeep_audit::segment::SealedSegment;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::{AuditEventId, InstanceId};
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_storage::audit::{AuditAppend, AuditReads, AuditRetention};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Updated;

use crate::connection::{AnyConnection, MultiBackend};
use crate::per_backend::insert_all;
use crate::queries::keyset::limit;
use crate::records::audit::{AuditEntryRow, AuditHeadRow, AuditSegmentRow, position_column};
use crate::schema::{audit_heads, audit_segments, audit_trail, instances};
use crate::session::Session;

/// Rows per statement, well below the number of parameters that a statement may have.
const BATCH: usize = 500;

type TrailQuery = audit_trail::BoxedQuery<'static, MultiBackend, AsSelect<AuditEntryRow, MultiBackend>>;

impl AuditReads for Session<'_> {
    fn list_audit_trail(
        &mut self,
        instance_id: InstanceId,
        filter: &AuditFilter,
        page: AuditPage,
    ) -> StoreResult<Vec<ChainedEntry>> {
        let of_instance = audit_trail::table
            .filter(audit_trail::instance_id.eq(instance_id.as_bytes().to_vec()))
            .limit(limit(page.limit))
            .select(AuditEntryRow::as_select())
            .into_boxed();
        let mut query = filtered(of_instance, filter);
        let after = page.after.map(position_column).transpose()?;
        query = match page.direction {
            Direction::Ascending => query.order(audit_trail::position.asc()),
            Direction::Descending => query.order(audit_trail::position.desc()),
        };
        if let Some(after) = after {
            query = match page.direction {
                Direction::Ascending => query.filter(audit_trail::position.gt(after)),
                Direction::Descending => query.filter(audit_trail::position.lt(after)),
            };
        }
        self.run(|c| query.load(c))?.into_iter().map(AuditEntryRow::into_entry).collect()
    }

    fn find_audit_entry(
        &mut self,
        instance_id: InstanceId,
        id: AuditEventId,
    ) -> StoreResult<Option<ChainedEntry>> {
        let query = audit_trail::table
            .filter(audit_trail::instance_id.eq(instance_id.as_bytes()))
            .filter(audit_trail::id.eq(id.as_bytes()))
            .select(AuditEntryRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(AuditEntryRow::into_entry).transpose()
    }

    fn audit_head(&mut self, instance_id: InstanceId) -> StoreResult<Option<SealedHead>> {
        let query = audit_heads::table
            .filter(audit_heads::instance_id.eq(instance_id.as_bytes()))
            .select(AuditHeadRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(AuditHeadRow::into_head).transpose()
    }

    fn list_audit_segments(&mut self, instance_id: InstanceId) -> StoreResult<Vec<SealedSegment>> {
        let query = audit_segments::table
            .filter(audit_segments::instance_id.eq(instance_id.as_bytes()))
            .order(audit_segments::first_position)
            .select(AuditSegmentRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(AuditSegmentRow::into_segment).collect()
    }
}

fn filtered(mut query: TrailQuery, filter: &AuditFilter) -> TrailQuery {
    if let Some(tenant_id) = filter.tenant_id {
        query = query.filter(audit_trail::tenant_id.eq(tenant_id.as_bytes().to_vec()));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(audit_trail::actor.eq(actor.clone()));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit_trail::action.eq(action.clone()));
    }
    if let Some(object) = &filter.object {
        query = query.filter(audit_trail::object.eq(object.clone()));
    }
    match filter.refused {
        Some(true) => query = query.filter(audit_trail::refusal.is_not_null()),
        Some(false) => query = query.filter(audit_trail::refusal.is_null()),
        None => {}
    }
    if let Some(code) = &filter.code {
        query = query.filter(audit_trail::refusal.eq(code.clone()));
    }
    if let Some(request_id) = filter.request_id {
        query = query.filter(audit_trail::request_id.eq(request_id.as_bytes().to_vec()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_trail::at.ge(from.as_micros()));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_trail::at.lt(to.as_micros()));
    }
    query
}

impl AuditAppend for Session<'_> {
    fn lock_audit_head(&mut self, instance_id: InstanceId) -> StoreResult<Option<SealedHead>> {
        if !self.lock_stored_head(instance_id)? {
            // There is nothing to lock before the first entry, so whoever wants to write it takes the instance.
            self.lock_instance(instance_id)?;
            self.lock_stored_head(instance_id)?;
        }
        self.audit_head(instance_id)
    }

    fn append_audit_entries(&mut self, entries: &[ChainedEntry], head: &SealedHead) -> StoreResult<()> {
        let instance_id = head.head.instance_id;
        for batch in entries.chunks(BATCH) {
            let rows: StoreResult<Vec<_>> =
                batch.iter().map(|entry| AuditEntryRow::new(instance_id, entry)).collect();
            let rows = rows?;
            self.run(|c| insert_all!(c, audit_trail::table, &rows))?;
        }
        let row = AuditHeadRow::new(head)?;
        // Only the first event of an instance finds no head.
        let stored = audit_heads::table.filter(audit_heads::instance_id.eq(instance_id.as_bytes()));
        if self.run(|c| diesel::update(stored).set(&row).execute(c))? == 0 {
            self.run(|c| diesel::insert_into(audit_heads::table).values(&row).execute(c))?;
        }
        Ok(())
    }
}

/// SQLite needs no locks of rows: the transaction has locked the whole file.
impl Session<'_> {
    /// Whether there is a head. Others wait for the end of this transaction.
    fn lock_stored_head(&mut self, instance_id: InstanceId) -> StoreResult<bool> {
        self.run(|c| match c {
            AnyConnection::Postgres(connection) => audit_heads::table
                .filter(audit_heads::instance_id.eq(instance_id.as_bytes()))
                .select(audit_heads::position)
                .for_update()
                .get_result::<i64>(connection)
                .optional()
                .map(|position| position.is_some()),
            AnyConnection::Sqlite(_) => Ok(true),
        })
    }

    /// Nobody who only refers to the instance has to wait.
    fn lock_instance(&mut self, instance_id: InstanceId) -> StoreResult<()> {
        self.run(|c| match c {
            AnyConnection::Postgres(connection) => instances::table
                .filter(instances::id.eq(instance_id.as_bytes()))
                .select(instances::version)
                .for_no_key_update()
                .get_result::<i64>(connection)
                .optional()
                .map(drop),
            AnyConnection::Sqlite(_) => Ok(()),
        })
    }
}

impl AuditRetention for Session<'_> {
    fn prune_audit_trail(&mut self, sealed: &SealedSegment) -> StoreResult<u64> {
        let row = AuditSegmentRow::new(sealed)?;
        self.run(|c| diesel::insert_into(audit_segments::table).values(&row).execute(c))?;
        let segment = &sealed.segment;
        let (first, last) =
            (position_column(segment.first_position)?, position_column(segment.last_position)?);
        let entries = audit_trail::table
            .filter(audit_trail::instance_id.eq(segment.instance_id.as_bytes()))
            .filter(audit_trail::position.between(first, last));
        let removed = self.run(|c| diesel::delete(entries).execute(c))?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }

    fn reseal_audit_segment(&mut self, sealed: &SealedSegment) -> StoreResult<Updated> {
        let row = AuditSegmentRow::new(sealed)?;
        let same = audit_segments::table
            .filter(audit_segments::instance_id.eq(row.instance_id.clone()))
            .filter(audit_segments::first_position.eq(row.first_position))
            .filter(audit_segments::last_position.eq(row.last_position))
            .filter(audit_segments::hash_before.eq(row.hash_before.clone()))
            .filter(audit_segments::last_hash.eq(row.last_hash.clone()))
            .filter(audit_segments::pruned_at.eq(row.pruned_at));
        let seal =
            (audit_segments::seal_key_id.eq(row.seal_key_id), audit_segments::seal_tag.eq(row.seal_tag));
        let updated = self.run(|c| diesel::update(same).set(seal).execute(c))?;
        Ok(if updated == 1 { Updated::Updated } else { Updated::Stale })
    }
}
