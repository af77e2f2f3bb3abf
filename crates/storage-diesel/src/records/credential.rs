//! Rows of `passwords`, `totp_credentials` and `passkeys`.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, PasskeyId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::scrypt_hash::ScryptHash;
use turnkeep_storage::credential::{StoredPasskeyRecord, StoredPassword, StoredTotp};
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use crate::schema::{passkeys, passwords, totp_credentials};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = passwords)]
pub(crate) struct PasswordRow {
    hash: String,
    changed_at: i64,
}

impl From<&StoredPassword> for PasswordRow {
    fn from(password: &StoredPassword) -> Self {
        Self { hash: password.hash.as_str().to_owned(), changed_at: password.changed_at.as_micros() }
    }
}

impl PasswordRow {
    pub(crate) fn into_stored(self) -> StoreResult<StoredPassword> {
        Ok(StoredPassword {
            hash: cell("passwords", "hash").valid(ScryptHash::parse(&self.hash))?,
            changed_at: Timestamp::from_micros(self.changed_at),
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = totp_credentials, treat_none_as_null = true)]
pub(crate) struct TotpRow {
    sealed_totp_key: Vec<u8>,
    last_step: Option<i64>,
    created_at: i64,
}

impl From<&StoredTotp> for TotpRow {
    fn from(totp: &StoredTotp) -> Self {
        Self {
            sealed_totp_key: totp.sealed_secret.clone(),
            last_step: totp.last_step,
            created_at: totp.created_at.as_micros(),
        }
    }
}

impl TotpRow {
    pub(crate) fn into_stored(self) -> StoredTotp {
        StoredTotp {
            sealed_secret: self.sealed_totp_key,
            last_step: self.last_step,
            created_at: Timestamp::from_micros(self.created_at),
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = passkeys)]
pub(crate) struct PasskeyRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    user_id: Vec<u8>,
    credential_id: Vec<u8>,
    name: String,
    passkey: String,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl From<&StoredPasskeyRecord> for PasskeyRow {
    fn from(passkey: &StoredPasskeyRecord) -> Self {
        Self {
            instance_id: passkey.instance_id.as_bytes().to_vec(),
            id: passkey.id.as_bytes().to_vec(),
            user_id: passkey.user_id.as_bytes().to_vec(),
            credential_id: passkey.credential_id.clone(),
            name: passkey.name.clone(),
            passkey: passkey.passkey.clone(),
            created_at: passkey.created_at.as_micros(),
            last_used_at: passkey.last_used_at.map(Timestamp::as_micros),
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("passkeys", column)
}

impl PasskeyRow {
    pub(crate) fn into_stored(self) -> StoreResult<StoredPasskeyRecord> {
        Ok(StoredPasskeyRecord {
            id: PasskeyId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            user_id: UserId::from_bytes(at("user_id").bytes(&self.user_id)?),
            credential_id: self.credential_id,
            name: self.name,
            passkey: self.passkey,
            created_at: Timestamp::from_micros(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_micros),
        })
    }
}
