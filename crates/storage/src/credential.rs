//! What people sign in with.

use turnkeep_domain::id::{InstanceId, PasskeyId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::scrypt_hash::ScryptHash;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// A password, hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPassword {
    /// Its hash.
    pub hash: ScryptHash,
    /// When it was chosen.
    pub changed_at: Timestamp,
}

/// The secret of an authenticator app (RFC 6238), encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTotp {
    /// Sealed with a key that is not in the database.
    pub sealed_secret: Vec<u8>,
    /// The last time step whose code was accepted: each works once.
    pub last_step: Option<i64>,
    /// When it was set up.
    pub created_at: Timestamp,
}

/// A passkey: a public key with what is known of the authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPasskeyRecord {
    /// Identifier of the record.
    pub id: PasskeyId,
    /// The instance.
    pub instance_id: InstanceId,
    /// Whose it is.
    pub user_id: UserId,
    /// The authenticator's id of it; unique in the instance.
    pub credential_id: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// The text form of the key.
    pub passkey: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// Reads of credentials.
pub trait CredentialReads {
    /// The password, if the user has one.
    fn find_password(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Option<StoredPassword>>;
    /// The authenticator app, if the user has one.
    fn find_totp(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Option<StoredTotp>>;
    /// How many recovery codes are left.
    fn count_recovery_codes(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<u32>;
    /// All passkeys of a user, in the order of creation.
    fn list_passkeys(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
    ) -> StoreResult<Vec<StoredPasskeyRecord>>;
    /// By the authenticator's id.
    fn find_passkey(
        &mut self,
        instance_id: InstanceId,
        credential_id: &[u8],
    ) -> StoreResult<Option<StoredPasskeyRecord>>;
}

/// Using credentials up, and noting their use.
pub trait CredentialUses {
    /// Uses a time step up; stale if it, or a later one, was used already.
    fn use_totp_step(&mut self, instance_id: InstanceId, user_id: UserId, step: i64) -> StoreResult<Updated>;
    /// Uses a recovery code up, known by its SHA-256; stale if there is none, or it was used.
    fn use_recovery_code(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        code_hash: &[u8; 32],
        at: Timestamp,
    ) -> StoreResult<Updated>;
    /// Notes the use of a passkey, with what the authenticator's counter has become.
    fn use_passkey(
        &mut self,
        instance_id: InstanceId,
        id: PasskeyId,
        passkey: &str,
        at: Timestamp,
    ) -> StoreResult<Updated>;
}

/// Changes of credentials.
pub trait CredentialWrites {
    /// Sets the password, in the place of any other.
    fn put_password(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        password: &StoredPassword,
    ) -> StoreResult<()>;
    /// Sets the authenticator app, in the place of any other.
    fn put_totp(&mut self, instance_id: InstanceId, user_id: UserId, totp: &StoredTotp) -> StoreResult<()>;
    /// Removes it; stale if there is none.
    fn delete_totp(&mut self, instance_id: InstanceId, user_id: UserId) -> StoreResult<Updated>;
    /// Sets the recovery codes, in the place of all others; none removes them.
    fn put_recovery_codes(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        code_hashes: &[[u8; 32]],
    ) -> StoreResult<()>;
    /// Conflicts on the authenticator's id.
    fn insert_passkey(&mut self, passkey: &StoredPasskeyRecord) -> StoreResult<Inserted>;
    /// Removes one; stale if the user has no such passkey.
    fn delete_passkey(
        &mut self,
        instance_id: InstanceId,
        user_id: UserId,
        id: PasskeyId,
    ) -> StoreResult<Updated>;
}
