//! Queries of bookkeeping. None of them locks a row that a mutation writes.

use diesel::prelude::*;
use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};
use turnkeep_storage::bookkeeping::{Bookkeeping, SecretUse};
use turnkeep_storage::error::StoreResult;

use crate::per_backend::{count, insert_all};
use crate::records::audit::AuditEventRow;
use crate::records::secret::SecretDigestChanges;
use crate::schema::{audit_events, client_secret_digests, revoked_tokens, single_uses};
use crate::session::Session;

/// Rows per statement, well below the number of parameters that a statement may have.
const BATCH: usize = 500;

impl Bookkeeping for Session<'_> {
    fn record_secret_uses(&mut self, uses: &[SecretUse]) -> StoreResult<()> {
        // Rows are always locked in the same order, so that two nodes never wait for each other.
        let mut uses = uses.to_vec();
        uses.sort_by_key(|one| one.secret_id);
        for one in uses {
            let at = one.at.as_micros();
            let used_earlier = client_secret_digests::last_used_at
                .is_null()
                .or(client_secret_digests::last_used_at.assume_not_null().lt(at));
            let stored = client_secret_digests::table
                .filter(client_secret_digests::app_id.eq(one.app_id.as_bytes().to_vec()))
                .filter(client_secret_digests::client_secret_id.eq(one.secret_id.as_bytes().to_vec()))
                .filter(used_earlier);
            let used = client_secret_digests::last_used_at.eq(at);
            self.run(|c| diesel::update(stored).set(used).execute(c))?;
        }
        Ok(())
    }

    fn replace_secret_digest(
        &mut self,
        app_id: AppId,
        id: SecretId,
        replacing: &SecretRecord,
        digest: &SecretDigest,
    ) -> StoreResult<()> {
        let stored = client_secret_digests::table
            .filter(client_secret_digests::app_id.eq(app_id.as_bytes()))
            .filter(client_secret_digests::client_secret_id.eq(id.as_bytes()))
            .filter(client_secret_digests::record_hash.eq(replacing.to_text()));
        let changes = SecretDigestChanges::from(digest);
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(|_| ())
    }

    fn insert_refusals(&mut self, events: &[AuditEvent]) -> StoreResult<()> {
        for batch in events.chunks(BATCH) {
            let rows: Vec<AuditEventRow> = batch.iter().map(AuditEventRow::from).collect();
            self.run(|c| insert_all!(c, audit_events::table, &rows))?;
        }
        Ok(())
    }

    fn purge_revoked_tokens(&mut self, now: Timestamp) -> StoreResult<u32> {
        let expired = revoked_tokens::table.filter(revoked_tokens::expires_at.lt(now.as_micros()));
        self.run(|c| diesel::delete(expired).execute(c).and_then(count))
    }

    fn purge_single_uses(&mut self, now: Timestamp) -> StoreResult<u32> {
        let expired = single_uses::table.filter(single_uses::expires_at.lt(now.as_micros()));
        self.run(|c| diesel::delete(expired).execute(c).and_then(count))
    }
}
