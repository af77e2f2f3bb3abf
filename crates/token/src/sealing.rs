//! Encryption at rest: AES-256-GCM under a key derived from the master key, bound to the place it is stored at.
//!
//! The stored bytes are a version, the id of the master key, a nonce, and the ciphertext with its tag.

use std::fmt;

use turnkeep_domain::id::InstanceId;
use turnkeep_secret::master_key::{MasterKeyId, MasterKeys};
use turnkeep_secret::random::{RandomSource, random_bytes};
use zeroize::Zeroizing;

use crate::aes_gcm::{Binding, NONCE_BYTES, TAG_BYTES, decrypt, encrypt};

const LABEL: &str = "turnkeep sealing v1";
const VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 8;

/// Why something cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was sealed under a master key that this server was not given.
    #[error("sealed under the master key {0}, which is not among the configured ones")]
    UnknownMasterKey(MasterKeyId),
    /// It was changed, cut short, or belongs to another place.
    #[error("the sealed data is corrupt or belongs to another record")]
    Corrupt,
    /// The cryptographic library failed.
    #[error("sealing failed")]
    Failed,
}

/// What is sealed. Part of the associated data, so that one kind never opens as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealingPurpose {
    /// The private part of a signing key.
    SigningKey,
    /// The secret key of an app's storage settings.
    StorageSecretKey,
    /// The secret that a person's authenticator app shares with this server.
    TotpSecret,
}

impl SealingPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SigningKey => "signing key",
            Self::StorageSecretKey => "storage secret key",
            Self::TotpSecret => "totp secret",
        }
    }
}

/// The associated data of a record: what it is, whose it is, and which one it is.
pub fn associated_data(purpose: SealingPurpose, instance_id: InstanceId, record_id: &[u8; 16]) -> Vec<u8> {
    let mut data = purpose.as_str().as_bytes().to_vec();
    data.push(0);
    data.extend_from_slice(instance_id.as_bytes());
    data.extend_from_slice(record_id);
    data
}

/// Sealed data, as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedBytes(Vec<u8>);

impl SealedBytes {
    /// From the stored form; opening it says whether it is one.
    pub const fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The master key it was sealed under; `None` if it is not in the expected form.
    pub fn master_key_id(&self) -> Option<MasterKeyId> {
        self.parts().map(|parts| parts.key_id)
    }

    fn parts(&self) -> Option<Parts<'_>> {
        let (version, rest) = self.0.split_first()?;
        let (key_id, rest) = rest.split_first_chunk::<KEY_ID_BYTES>()?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let parts = Parts { key_id: MasterKeyId::from_bytes(*key_id), nonce: *nonce, ciphertext };
        (*version == VERSION && TAG_BYTES <= ciphertext.len()).then_some(parts)
    }
}

impl fmt::Debug for SealedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedBytes({} bytes)", self.0.len())
    }
}

struct Parts<'a> {
    key_id: MasterKeyId,
    nonce: [u8; NONCE_BYTES],
    ciphertext: &'a [u8],
}

/// Encrypts under the current master key. The nonce is random: one master key is good for 2^32 records.
pub fn seal(
    keys: &MasterKeys,
    random: &dyn RandomSource,
    aad: &[u8],
    plaintext: &[u8],
) -> Result<SealedBytes, SealError> {
    let nonce: [u8; NONCE_BYTES] = random_bytes(random);
    let header = header(keys.current_id());
    let key = keys.current().derive(LABEL);
    let ciphertext = encrypt(key.as_bytes(), nonce, Binding { header: &header, aad }, plaintext)?;
    Ok(SealedBytes([header.as_slice(), &nonce, &ciphertext].concat()))
}

/// Decrypts what was sealed with the same associated data, under any of the master keys.
pub fn open(keys: &MasterKeys, aad: &[u8], sealed: &SealedBytes) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let parts = sealed.parts().ok_or(SealError::Corrupt)?;
    let master_key = keys.find(parts.key_id).ok_or(SealError::UnknownMasterKey(parts.key_id))?;
    let binding = Binding { header: &header(parts.key_id), aad };
    decrypt(master_key.derive(LABEL).as_bytes(), parts.nonce, binding, parts.ciphertext)
}

fn header(key_id: MasterKeyId) -> Vec<u8> {
    [&[VERSION], key_id.as_bytes().as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use turnkeep_testkit::fixtures::numbered_master_keys as keys;

    use super::*;

    struct Counting(AtomicU8);

    impl RandomSource for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn sealed(aad: &[u8], plaintext: &[u8]) -> SealedBytes {
        seal(&keys(&[1]), &Counting(AtomicU8::new(5)), aad, plaintext).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_under_current_and_previous_keys_only() {
        let sealed = sealed(b"place", b"secret");
        assert_eq!(sealed.as_bytes().len(), 1 + 8 + 12 + 6 + 16);
        assert_eq!(open(&keys(&[1]), b"place", &sealed).unwrap().as_slice(), b"secret");
        assert_eq!(open(&keys(&[2, 1]), b"place", &sealed).unwrap().as_slice(), b"secret");
        let id = keys(&[1]).current_id();
        assert_eq!(sealed.master_key_id(), Some(id));
        assert_eq!(open(&keys(&[2]), b"place", &sealed), Err(SealError::UnknownMasterKey(id)));
    }

    #[test]
    fn a_sealed_value_moved_to_another_row_does_not_open() {
        let place = |purpose, instance: u8, record: u8| {
            associated_data(purpose, InstanceId::from_bytes([instance; 16]), &[record; 16])
        };
        let here = place(SealingPurpose::SigningKey, 1, 2);
        let sealed = sealed(&here, b"secret");
        assert!(open(&keys(&[1]), &here, &sealed).is_ok());
        for elsewhere in [
            place(SealingPurpose::SigningKey, 1, 3),
            place(SealingPurpose::SigningKey, 2, 2),
            place(SealingPurpose::StorageSecretKey, 1, 2),
            Vec::new(),
        ] {
            assert_eq!(open(&keys(&[1]), &elsewhere, &sealed), Err(SealError::Corrupt));
        }
    }

    #[test]
    fn every_changed_or_missing_byte_is_seen() {
        let whole = sealed(b"place", b"secret");
        for index in 0..whole.as_bytes().len() {
            let mut changed = whole.as_bytes().to_vec();
            changed[index] ^= 1;
            assert!(open(&keys(&[1]), b"place", &SealedBytes::from_stored(changed)).is_err(), "{index}");
            let cut = SealedBytes::from_stored(whole.as_bytes()[..index].to_vec());
            assert_eq!(open(&keys(&[1]), b"place", &cut), Err(SealError::Corrupt), "{index}");
        }
    }

    #[test]
    fn the_same_secret_seals_differently_each_time() {
        let random = Counting(AtomicU8::new(0));
        let [one, two] = [(); 2].map(|()| seal(&keys(&[1]), &random, b"", b"secret").unwrap());
        assert_ne!(one, two);
    }

    #[test]
    fn the_stored_form_is_pinned() {
        // Computed with another implementation of HKDF-SHA-256 and AES-256-GCM.
        let expected =
            "01547bce071bf3f9a0050505050505050505050505310a225693695ab3ebc00ba1d5645a1019df54b22447";
        assert_eq!(data_encoding::HEXLOWER.encode(sealed(b"place", b"secret").as_bytes()), expected);
    }
}
