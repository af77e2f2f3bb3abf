//! Queries of what people sign in with.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, PasskeyId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::credential::{
    CredentialReads, CredentialUses, CredentialWrites, StoredPasskeyRecord, StoredPassword, StoredTotp,
};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};

use crate::per_backend::{count, insert_all, insert_or_replace, insert_unless_conflict, inserted, updated};
use crate::records::credential::{PasskeyRow, PasswordRow, TotpRow};
use crate::schema::{passkeys, passwords, recovery_codes, totp_credentials};
use crate::session::Session;

impl CredentialReads for Session<'_> {
    fn find_password(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Option<StoredPassword>> {
        let query = passwords::table
            .filter(passwords::instance_id.eq(instance_id.as_bytes()))
            .filter(passwords::user_id.eq(user_id.as_bytes()))
            .select(PasswordRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(PasswordRow::into_stored).transpose()
    }

    fn find_totp(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Option<StoredTotp>> {
        let query = totp_credentials::table
            .filter(totp_credentials::instance_id.eq(instance_id.as_bytes()))
            .filter(totp_credentials::user_id.eq(user_id.as_bytes()))
            .select(TotpRow::as_select());
        Ok(self.run(|c| query.get_result(c).optional())?.map(TotpRow::into_stored))
    }

    fn count_recovery_codes(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<u32> {
        let query = recovery_codes::table
            .filter(recovery_codes::instance_id.eq(instance_id.as_bytes()))
            .filter(recovery_codes::user_id.eq(user_id.as_bytes()))
            .filter(recovery_codes::used_at.is_null())
            .count();
        self.run(|c| query.get_result::<i64>(c).and_then(count))
    }

    fn list_passkeys(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<StoredPasskeyRecord>> {
        let query = passkeys::table
            .filter(passkeys::instance_id.eq(instance_id.as_bytes()))
            .filter(passkeys::user_id.eq(user_id.as_bytes()))
            .order(passkeys::id)
            .select(PasskeyRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(PasskeyRow::into_stored).collect()
    }

    fn find_passkey(
        &mut self,
        instance_id: InstanceId,
        credential_id: &[u8],
    ) -> StoreResult<Option<StoredPasskeyRecord>> {
        let query = passkeys::table
            .filter(passkeys::instance_id.eq(instance_id.as_bytes()))
            .filter(passkeys::credential_id.eq(credential_id))
            .select(PasskeyRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(PasskeyRow::into_stored).transpose()
    }
}

impl CredentialUses for Session<'_> {
    fn use_totp_step(&mut self, instance_id: InstanceId, user_id: UserId, step: i64) -> StoreResult<Updated> {
        let is_newer =
            totp_credentials::last_step.is_null().or(totp_credentials::last_step.assume_not_null().lt(step));
        let stored = totp_credentials::table
            .filter(totp_credentials::instance_id.eq(instance_id.as_bytes()))
            .filter(totp_credentials::user_id.eq(user_id.as_bytes()))
            .filter(is_newer);
        let used = totp_credentials::last_step.eq(step);
        self.run(|c| diesel::update(stored).set(used).execute(c)).map(updated)
    }

    fn use_recovery_code(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        code_hash: &[u8; 32],
        at: Timestamp,
    ) -> StoreResult<Updated> {
        let unused = recovery_codes::table
            .filter(recovery_codes::instance_id.eq(instance_id.as_bytes()))
            .filter(recovery_codes::user_id.eq(user_id.as_bytes()))
            .filter(recovery_codes::code_hash.eq(code_hash))
            .filter(recovery_codes::used_at.is_null());
        let used = recovery_codes::used_at.eq(at.as_micros());
        self.run(|c| diesel::update(unused).set(used).execute(c)).map(updated)
    }

    fn use_passkey(
        &mut self,
        instance_id: InstanceId,
        id: PasskeyId,
        passkey: &str,
        at: Timestamp,
    ) -> StoreResult<Updated> {
        let stored = passkeys::table
            .filter(passkeys::instance_id.eq(instance_id.as_bytes()))
            .filter(passkeys::id.eq(id.as_bytes()));
        let used = (passkeys::passkey.eq(passkey), passkeys::last_used_at.eq(at.as_micros()));
        self.run(|c| diesel::update(stored).set(used).execute(c)).map(updated)
    }
}

impl CredentialWrites for Session<'_> {
    fn put_password(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        password: &StoredPassword,
    ) -> StoreResult<()> {
        let row = (
            passwords::instance_id.eq(instance_id.as_bytes()),
            passwords::user_id.eq(user_id.as_bytes()),
            PasswordRow::from(password),
        );
        let changes = PasswordRow::from(password);
        let key = (passwords::instance_id, passwords::user_id);
        self.run(|c| insert_or_replace!(c, passwords::table, row, key, &changes)).map(|_| ())
    }

    fn put_totp(&mut self, instance_id: InstanceId, user_id: UserId, totp: &StoredTotp) -> StoreResult<()> {
        let row = (
            totp_credentials::instance_id.eq(instance_id.as_bytes()),
            totp_credentials::user_id.eq(user_id.as_bytes()),
            TotpRow::from(totp),
        );
        let changes = TotpRow::from(totp);
        let key = (totp_credentials::instance_id, totp_credentials::user_id);
        self.run(|c| insert_or_replace!(c, totp_credentials::table, row, key, &changes)).map(|_| ())
    }

    fn delete_totp(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Updated> {
        let stored = totp_credentials::table
            .filter(totp_credentials::instance_id.eq(instance_id.as_bytes()))
            .filter(totp_credentials::user_id.eq(user_id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(updated)
    }

    fn put_recovery_codes(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        code_hashes: &[[u8; 32]],
    ) -> StoreResult<()> {
        let replaced = recovery_codes::table
            .filter(recovery_codes::instance_id.eq(instance_id.as_bytes()))
            .filter(recovery_codes::user_id.eq(user_id.as_bytes()));
        self.run(|c| diesel::delete(replaced).execute(c))?;
        if code_hashes.is_empty() {
            return Ok(());
        }
        let row = |code_hash: &[u8; 32]| {
            (
                recovery_codes::instance_id.eq(instance_id.as_bytes().to_vec()),
                recovery_codes::user_id.eq(user_id.as_bytes().to_vec()),
                recovery_codes::code_hash.eq(code_hash.to_vec()),
            )
        };
        let rows: Vec<_> = code_hashes.iter().map(row).collect();
        self.run(|c| insert_all!(c, recovery_codes::table, &rows)).map(|_| ())
    }

    fn insert_passkey(&mut self, passkey: &StoredPasskeyRecord) -> StoreResult<Inserted> {
        let row = PasskeyRow::from(passkey);
        self.run(|c| insert_unless_conflict!(c, passkeys::table, &row)).map(inserted)
    }

    fn delete_passkey(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        id: PasskeyId,
    ) -> StoreResult<Updated> {
        let stored = passkeys::table
            .filter(passkeys::instance_id.eq(instance_id.as_bytes()))
            .filter(passkeys::user_id.eq(user_id.as_bytes()))
            .filter(passkeys::id.eq(id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(updated)
    }
}
