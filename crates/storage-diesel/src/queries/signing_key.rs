//! Queries of signing keys.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, SigningKeyId};
use turnkeep_domain::signing_key::SigningKeyState;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::signing_key::{SigningKeyReads, SigningKeyWrites, StoredSigningKey};

use crate::records::signing_key::{GONE, SigningKeyRow, stored_state};
use crate::schema::signing_keys;
use crate::session::Session;

impl SigningKeyReads for Session<'_> {
    fn list_published_signing_keys(&mut self, instance_id: InstanceId) -> StoreResult<Vec<StoredSigningKey>> {
        let query = signing_keys::table
            .filter(signing_keys::instance_id.eq(instance_id.as_bytes()))
            .filter(signing_keys::state.ne(GONE))
            .order((signing_keys::created_at, signing_keys::id))
            .select(SigningKeyRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(SigningKeyRow::into_domain).collect()
    }
}

impl SigningKeyWrites for Session<'_> {
    fn insert_signing_key(&mut self, key: &StoredSigningKey) -> StoreResult<()> {
        let row = SigningKeyRow::from(key);
        self.run(|c| diesel::insert_into(signing_keys::table).values(&row).execute(c)).map(|_| ())
    }

    fn update_signing_key_state(
        &mut self,
        instance_id: InstanceId,
        id: SigningKeyId,
        state: SigningKeyState,
    ) -> StoreResult<()> {
        let stored = signing_keys::table
            .filter(signing_keys::instance_id.eq(instance_id.as_bytes()))
            .filter(signing_keys::id.eq(id.as_bytes()));
        let (word, at) = stored_state(state);
        let changed = (signing_keys::state.eq(word), signing_keys::state_at.eq(at));
        let rows = if state.is_published() {
            self.run(|c| diesel::update(stored).set(changed).execute(c))?
        } else {
            let erased = signing_keys::sealed_private_key.eq(None::<Vec<u8>>);
            self.run(|c| diesel::update(stored).set((changed, erased)).execute(c))?
        };
        if rows == 0 {
            return Err(no_such_key());
        }
        Ok(())
    }

    fn reseal_signing_key(
        &mut self,
        instance_id: InstanceId,
        id: SigningKeyId,
        sealed_private_key: &[u8],
    ) -> StoreResult<()> {
        let stored = signing_keys::table
            .filter(signing_keys::instance_id.eq(instance_id.as_bytes()))
            .filter(signing_keys::id.eq(id.as_bytes()))
            .filter(signing_keys::sealed_private_key.is_not_null());
        let sealed = signing_keys::sealed_private_key.eq(Some(sealed_private_key));
        match self.run(|c| diesel::update(stored).set(sealed).execute(c))? {
            0 => Err(no_such_key()),
            _ => Ok(()),
        }
    }
}

fn no_such_key() -> StoreError {
    StoreError::Database("there is no such signing key".into())
}
