//! Queries of secrets.

use diesel::prelude::*;
use turnkeep_domain::id::{AppId, SecretId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::secret::{SecretReads, SecretWrites, StoredSecret};

use crate::per_backend::count;
use crate::records::secret::{SecretDigestRow, SecretRow, into_domain, rows};
use crate::schema::{client_secret_digests, client_secrets};
use crate::session::Session;

impl SecretReads for Session<'_> {
    fn list_secrets(&mut self, tenant_id: TenantId, app_id: AppId) -> StoreResult<Vec<StoredSecret>> {
        let digest = client_secret_digests::table.on(client_secret_digests::tenant_id
            .eq(client_secrets::tenant_id)
            .and(client_secret_digests::app_id.eq(client_secrets::app_id))
            .and(client_secret_digests::client_secret_id.eq(client_secrets::id)));
        let query = client_secrets::table
            .inner_join(digest)
            .filter(client_secrets::tenant_id.eq(tenant_id.as_bytes()))
            .filter(client_secrets::app_id.eq(app_id.as_bytes()))
            .order((client_secrets::created_at.desc(), client_secrets::id.desc()))
            .select((SecretRow::as_select(), SecretDigestRow::as_select()));
        self.run(|c| query.load(c))?.into_iter().map(into_domain).collect()
    }
}

impl SecretWrites for Session<'_> {
    fn insert_secret(&mut self, tenant_id: TenantId, secret: &StoredSecret) -> StoreResult<()> {
        let (life, digest) = rows(tenant_id, secret);
        self.run(|c| diesel::insert_into(client_secrets::table).values(&life).execute(c))?;
        self.run(|c| diesel::insert_into(client_secret_digests::table).values(&digest).execute(c))?;
        Ok(())
    }

    fn purge_secrets(&mut self, ended_before: Timestamp) -> StoreResult<u32> {
        let before = ended_before.as_micros();
        let ended = client_secrets::table.filter(
            client_secrets::expires_at
                .is_not_null()
                .and(client_secrets::expires_at.assume_not_null().lt(before))
                .or(client_secrets::revoked_at
                    .is_not_null()
                    .and(client_secrets::revoked_at.assume_not_null().lt(before))),
        );
        self.run(|c| diesel::delete(ended).execute(c).and_then(count))
    }

    fn revoke_all_secrets(&mut self, tenant_id: TenantId, app_id: AppId, at: Timestamp) -> StoreResult<u32> {
        let unrevoked = client_secrets::table
            .filter(client_secrets::tenant_id.eq(tenant_id.as_bytes()))
            .filter(client_secrets::app_id.eq(app_id.as_bytes()))
            .filter(client_secrets::revoked_at.is_null());
        let revoked = client_secrets::revoked_at.eq(at.as_micros());
        self.run(|c| diesel::update(unrevoked).set(revoked).execute(c).and_then(count))
    }

    fn revoke_secret(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        id: SecretId,
        at: Timestamp,
    ) -> StoreResult<u32> {
        let unrevoked = client_secrets::table
            .filter(client_secrets::tenant_id.eq(tenant_id.as_bytes()))
            .filter(client_secrets::app_id.eq(app_id.as_bytes()))
            .filter(client_secrets::id.eq(id.as_bytes()))
            .filter(client_secrets::revoked_at.is_null());
        let revoked = client_secrets::revoked_at.eq(at.as_micros());
        self.run(|c| diesel::update(unrevoked).set(revoked).execute(c).and_then(count))
    }

    fn revoke_other_secrets(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        keep: SecretId,
        at: Timestamp,
    ) -> StoreResult<u32> {
        let others = client_secrets::table
            .filter(client_secrets::tenant_id.eq(tenant_id.as_bytes()))
            .filter(client_secrets::app_id.eq(app_id.as_bytes()))
            .filter(client_secrets::id.ne(keep.as_bytes()))
            .filter(client_secrets::revoked_at.is_null());
        let revoked = client_secrets::revoked_at.eq(at.as_micros());
        self.run(|c| diesel::update(others).set(revoked).execute(c).and_then(count))
    }

    fn limit_secret_lifetime(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        id: SecretId,
        at: Timestamp,
    ) -> StoreResult<u32> {
        let lives_longer = client_secrets::expires_at
            .is_null()
            .or(client_secrets::expires_at.assume_not_null().gt(at.as_micros()));
        let longer_lived = client_secrets::table
            .filter(client_secrets::tenant_id.eq(tenant_id.as_bytes()))
            .filter(client_secrets::app_id.eq(app_id.as_bytes()))
            .filter(client_secrets::id.eq(id.as_bytes()))
            .filter(client_secrets::revoked_at.is_null())
            .filter(lives_longer);
        let limited = client_secrets::expires_at.eq(at.as_micros());
        self.run(|c| diesel::update(longer_lived).set(limited).execute(c).and_then(count))
    }

    fn limit_secret_lifetimes(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        at: Timestamp,
    ) -> StoreResult<u32> {
        let lives_longer = client_secrets::expires_at
            .is_null()
            .or(client_secrets::expires_at.assume_not_null().gt(at.as_micros()));
        let longer_lived = client_secrets::table
            .filter(client_secrets::tenant_id.eq(tenant_id.as_bytes()))
            .filter(client_secrets::app_id.eq(app_id.as_bytes()))
            .filter(client_secrets::revoked_at.is_null())
            .filter(lives_longer);
        let limited = client_secrets::expires_at.eq(at.as_micros());
        self.run(|c| diesel::update(longer_lived).set(limited).execute(c).and_then(count))
    }
}
