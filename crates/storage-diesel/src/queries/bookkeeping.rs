//! Queries of bookkeeping. None of them waits for a mutation longer than for the end of one that has come to its
//! audit event.

use diesel::prelude::*;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};
use turnkeep_storage::bookkeeping::{Bookkeeping, ExpiringSecret, SecretUse};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::idempotency::{IdempotencyKey, IdempotencyWrites, IdempotentRequest, KeptAnswer};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::reference_token::ReferenceTokenUse;

use crate::per_backend::count;
use crate::records::idempotency::AnswerRow;
use crate::records::secret::{ExpiringSecretRow, SecretDigestChanges, read_expiring};
use crate::schema::{
    apps, change_log, client_secret_digests, client_secrets, idempotent_requests, management_tokens,
    revoked_tokens, single_uses,
};
use crate::session::Session;

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

    fn note_idempotent_request(&mut self, request: &IdempotentRequest) -> StoreResult<Inserted> {
        self.insert_idempotent_request(request)
    }

    fn keep_answer(&mut self, key: &IdempotencyKey, answer: &KeptAnswer) -> StoreResult<()> {
        let stored = idempotent_requests::table
            .filter(idempotent_requests::instance_id.eq(key.instance_id.as_bytes()))
            .filter(idempotent_requests::actor.eq(&key.actor))
            .filter(idempotent_requests::key_hash.eq(&key.key_hash));
        let answer = AnswerRow::from(answer);
        self.run(|c| diesel::update(stored).set(&answer).execute(c)).map(|_| ())
    }

    fn list_expiring_secrets(
        &mut self,
        now: Timestamp,
        until: Timestamp,
        warned_days: u32,
        limit: u32,
    ) -> StoreResult<Vec<ExpiringSecret>> {
        let app = apps::table
            .on(apps::tenant_id.eq(client_secrets::tenant_id).and(apps::id.eq(client_secrets::app_id)));
        let digest = client_secret_digests::table.on(client_secret_digests::tenant_id
            .eq(client_secrets::tenant_id)
            .and(client_secret_digests::app_id.eq(client_secrets::app_id))
            .and(client_secret_digests::client_secret_id.eq(client_secrets::id)));
        let not_warned = client_secret_digests::warned_days
            .is_null()
            .or(client_secret_digests::warned_days.assume_not_null().gt(i64::from(warned_days)));
        let query = client_secrets::table
            .inner_join(app)
            .inner_join(digest)
            .filter(client_secrets::expires_at.gt(now.as_micros()))
            .filter(client_secrets::expires_at.le(until.as_micros()))
            .filter(client_secrets::revoked_at.is_null())
            .filter(not_warned)
            .order((client_secrets::expires_at, client_secrets::id))
            .limit(i64::from(limit))
            .select((apps::instance_id, ExpiringSecretRow::as_select()));
        self.run(|c| query.load(c))?.into_iter().map(read_expiring).collect()
    }

    fn note_expiry_warning(&mut self, secret: &ExpiringSecret, warned_days: u32) -> StoreResult<()> {
        let stored = client_secret_digests::table
            .filter(client_secret_digests::tenant_id.eq(secret.tenant_id.as_bytes()))
            .filter(client_secret_digests::app_id.eq(secret.app_id.as_bytes()))
            .filter(client_secret_digests::client_secret_id.eq(secret.secret_id.as_bytes()));
        let warned = client_secret_digests::warned_days.eq(i64::from(warned_days));
        self.run(|c| diesel::update(stored).set(warned).execute(c)).map(|_| ())
    }

    fn purge_management_tokens(&mut self, ended_before: Timestamp) -> StoreResult<u32> {
        let ended =
            management_tokens::table.filter(management_tokens::expires_at.lt(ended_before.as_micros()));
        self.run(|c| diesel::delete(ended).execute(c).and_then(count))
    }

    fn purge_idempotent_requests(&mut self, now: Timestamp) -> StoreResult<u32> {
        let forgotten =
            idempotent_requests::table.filter(idempotent_requests::expires_at.le(now.as_micros()));
        self.run(|c| diesel::delete(forgotten).execute(c).and_then(count))
    }

    fn purge_changes(&mut self, made_before: Timestamp) -> StoreResult<u32> {
        let old = change_log::table.filter(change_log::at.lt(made_before.as_micros()));
        self.run(|c| diesel::delete(old).execute(c).and_then(count))
    }

    fn purge_revoked_tokens(&mut self, now: Timestamp) -> StoreResult<u32> {
        let expired = revoked_tokens::table.filter(revoked_tokens::expires_at.lt(now.as_micros()));
        self.run(|c| diesel::delete(expired).execute(c).and_then(count))
    }

    fn record_reference_token_uses(&mut self, uses: &[ReferenceTokenUse]) -> StoreResult<()> {
        // Rows are always locked in the same order, so that two nodes never wait for each other.
        let mut uses = uses.to_vec();
        uses.sort_by_key(|one| (one.instance_id, one.id));
        uses.iter().try_for_each(|one| self.note_reference_token_use(one))
    }

    fn purge_sign_ins(&mut self, ended_before: Timestamp) -> StoreResult<u32> {
        self.purge_some_sign_ins(ended_before)
    }

    fn purge_single_uses(&mut self, now: Timestamp) -> StoreResult<u32> {
        let expired = single_uses::table.filter(single_uses::expires_at.lt(now.as_micros()));
        self.run(|c| diesel::delete(expired).execute(c).and_then(count))
    }
}
