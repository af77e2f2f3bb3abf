//! Rows of `client_secrets` and `client_secret_digests`.

use diesel::prelude::*;
use turnkeep_domain::client_secret::{ClientSecret, SecretHint};
use turnkeep_domain::id::{AppId, InstanceId, SecretId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::derived_mac::KeyedMac;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};
use turnkeep_secret::master_key::MasterKeyId;
use turnkeep_storage::bookkeeping::ExpiringSecret;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::secret::StoredSecret;

use super::cell::{Cell, cell};
use crate::schema::{client_secret_digests, client_secrets};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = client_secrets)]
pub(crate) struct SecretRow {
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    id: Vec<u8>,
    hint: String,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = client_secret_digests)]
pub(crate) struct SecretDigestRow {
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    client_secret_id: Vec<u8>,
    last_used_at: Option<i64>,
    #[diesel(embed)]
    changes: SecretDigestChanges,
}

/// What replaces a digest.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = client_secret_digests, treat_none_as_null = true)]
pub(crate) struct SecretDigestChanges {
    record_hash: String,
    mac_hash: Option<Vec<u8>>,
    mac_key_id: Option<Vec<u8>>,
}

impl From<&SecretDigest> for SecretDigestChanges {
    fn from(digest: &SecretDigest) -> Self {
        let mac = digest.mac.as_ref();
        Self {
            record_hash: digest.record.to_text(),
            mac_hash: mac.map(|mac| mac.tag().to_vec()),
            mac_key_id: mac.map(|mac| mac.key_id().as_bytes().to_vec()),
        }
    }
}

/// A secret that expires before long.
#[derive(Queryable, Selectable)]
#[diesel(table_name = client_secrets)]
pub(crate) struct ExpiringSecretRow {
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    id: Vec<u8>,
}

/// The secret of its row and its instance.
pub(crate) fn read_expiring((instance_id, row): (Vec<u8>, ExpiringSecretRow)) -> StoreResult<ExpiringSecret> {
    Ok(ExpiringSecret {
        instance_id: InstanceId::from_bytes(cell("apps", "instance_id").bytes(&instance_id)?),
        tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&row.tenant_id)?),
        app_id: AppId::from_bytes(at("app_id").bytes(&row.app_id)?),
        secret_id: SecretId::from_bytes(at("id").bytes(&row.id)?),
    })
}

/// The two rows of a secret.
pub(crate) fn rows(tenant_id: TenantId, stored: &StoredSecret) -> (SecretRow, SecretDigestRow) {
    let secret = &stored.secret;
    let life = SecretRow {
        tenant_id: tenant_id.as_bytes().to_vec(),
        app_id: secret.app_id.as_bytes().to_vec(),
        id: secret.id.as_bytes().to_vec(),
        hint: secret.hint.as_str().to_owned(),
        created_at: secret.created_at.as_micros(),
        expires_at: secret.expires_at.map(Timestamp::as_micros),
        revoked_at: secret.revoked_at.map(Timestamp::as_micros),
    };
    let digest = SecretDigestRow {
        tenant_id: tenant_id.as_bytes().to_vec(),
        app_id: secret.app_id.as_bytes().to_vec(),
        client_secret_id: secret.id.as_bytes().to_vec(),
        last_used_at: secret.last_used_at.map(Timestamp::as_micros),
        changes: SecretDigestChanges::from(&stored.digest),
    };
    (life, digest)
}

const fn at(column: &'static str) -> Cell {
    cell("client_secrets", column)
}

/// The secret of its two rows.
pub(crate) fn into_domain((life, digest): (SecretRow, SecretDigestRow)) -> StoreResult<StoredSecret> {
    Ok(StoredSecret {
        secret: ClientSecret {
            id: SecretId::from_bytes(at("id").bytes(&life.id)?),
            app_id: AppId::from_bytes(at("app_id").bytes(&life.app_id)?),
            hint: at("hint").present(SecretHint::parse(&life.hint))?,
            created_at: Timestamp::from_micros(life.created_at),
            expires_at: life.expires_at.map(Timestamp::from_micros),
            revoked_at: life.revoked_at.map(Timestamp::from_micros),
            last_used_at: digest.last_used_at.map(Timestamp::from_micros),
        },
        digest: digest.changes.into_domain()?,
    })
}

impl SecretDigestChanges {
    fn into_domain(self) -> StoreResult<SecretDigest> {
        let at = |column| cell("client_secret_digests", column);
        let mac = match (self.mac_hash, self.mac_key_id) {
            (None, None) => None,
            (Some(tag), Some(key_id)) => {
                let key_id = MasterKeyId::from_bytes(at("mac_key_id").bytes(&key_id)?);
                Some(KeyedMac::from_parts(key_id, at("mac_hash").bytes(&tag)?))
            }
            (Some(_), None) | (None, Some(_)) => return Err(at("mac_key_id").corrupt()),
        };
        Ok(SecretDigest { record: at("record_hash").valid(SecretRecord::parse(&self.record_hash))?, mac })
    }
}
