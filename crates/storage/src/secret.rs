//! Secrets of apps, as digests.

use turnkeep_domain::client_secret::ClientSecret;
use turnkeep_domain::id::{AppId, SecretId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::digest::SecretDigest;

use crate::error::StoreResult;

/// A secret's life together with what it is checked against.
#[derive(Debug, Clone)]
pub struct StoredSecret {
    /// Its life.
    pub secret: ClientSecret,
    /// What a presented secret is checked against.
    pub digest: SecretDigest,
}

/// Reads of secrets.
pub trait SecretReads {
    /// All secrets of an app, the newest first.
    fn list_secrets(&mut self, tenant_id: TenantId, app_id: AppId) -> StoreResult<Vec<StoredSecret>>;
}

/// Changes of secrets.
pub trait SecretWrites {
    /// Adds a secret to an app.
    fn insert_secret(&mut self, tenant_id: TenantId, secret: &StoredSecret) -> StoreResult<()>;
    /// Removes secrets that expired or were revoked before `ended_before`; returns how many.
    fn purge_secrets(&mut self, ended_before: Timestamp) -> StoreResult<u32>;
    /// Revokes every secret of the app that was not revoked yet; returns how many.
    fn revoke_all_secrets(&mut self, tenant_id: TenantId, app_id: AppId, at: Timestamp) -> StoreResult<u32>;
    /// Revokes one secret; 0 if the app has no such secret or it was revoked already.
    fn revoke_secret(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        id: SecretId,
        at: Timestamp,
    ) -> StoreResult<u32>;
    /// Revokes every secret of the app but one; returns how many.
    fn revoke_other_secrets(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        keep: SecretId,
        at: Timestamp,
    ) -> StoreResult<u32>;
    /// Lets one unrevoked secret of the app expire no later than `at`; returns 1 if it had to.
    fn limit_secret_lifetime(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        id: SecretId,
        at: Timestamp,
    ) -> StoreResult<u32>;
    /// Lets every unrevoked secret of the app expire no later than `at`; returns how many had to.
    fn limit_secret_lifetimes(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        at: Timestamp,
    ) -> StoreResult<u32>;
}
