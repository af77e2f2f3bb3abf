//! Encryption of what goes through a browser and comes back: states that nobody stores.
//!
//! Anybody can have any number of them made, so none shares a key with what is at rest: each has a key of its own,
//! derived from random bytes beside it. The bytes are a version, the id of the master key, those random bytes, and
//! the ciphertext with its tag.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use hmac::Mac;
use turnkeep_secret::derived_mac::derived_hmac;
use turnkeep_secret::master_key::{MasterKey, MasterKeyId, MasterKeys};
use turnkeep_secret::random::{RandomSource, random_bytes};
use zeroize::Zeroizing;

use crate::sealing::SealError;

const LABEL: &str = "turnkeep state sealing v1";
const VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const SALT_BYTES: usize = 24;

/// Encrypts under the current master key. `aad` says what the state is for: it opens for nothing else.
pub fn seal_state(
    keys: &MasterKeys,
    random: &dyn RandomSource,
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, SealError> {
    let salt: [u8; SALT_BYTES] = random_bytes(random);
    let mut sealed = vec![VERSION];
    sealed.extend_from_slice(keys.current_id().as_bytes());
    sealed.extend_from_slice(&salt);
    let mut buffer = Zeroizing::new(plaintext.to_vec());
    state_key(keys.current(), &salt)?
        .seal_in_place_append_tag(only_nonce(), Aad::from(bound(&sealed, aad)), &mut *buffer)
        .map_err(|_| SealError::Failed)?;
    sealed.extend_from_slice(&buffer);
    Ok(sealed)
}

/// Decrypts what was sealed with the same associated data, under any of the master keys.
pub fn open_state(keys: &MasterKeys, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let header_bytes = 1 + KEY_ID_BYTES + SALT_BYTES;
    let (header, ciphertext) = sealed.split_at_checked(header_bytes).ok_or(SealError::Corrupt)?;
    let (version, rest) = header.split_first().ok_or(SealError::Corrupt)?;
    let (key_id, salt) = rest.split_first_chunk::<KEY_ID_BYTES>().ok_or(SealError::Corrupt)?;
    if *version != VERSION {
        return Err(SealError::Corrupt);
    }
    let key_id = MasterKeyId::from_bytes(*key_id);
    let master_key = keys.find(key_id).ok_or(SealError::UnknownMasterKey(key_id))?;
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let plaintext_bytes = state_key(master_key, salt)?
        .open_in_place(only_nonce(), Aad::from(bound(header, aad)), &mut buffer)
        .map_err(|_| SealError::Corrupt)?
        .len();
    buffer.truncate(plaintext_bytes);
    Ok(buffer)
}

/// A key seals one state, so there is one nonce.
fn only_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

/// The header has a fixed length, so that the two parts cannot be taken for others.
fn bound(header: &[u8], aad: &[u8]) -> Vec<u8> {
    [header, aad].concat()
}

fn state_key(master_key: &MasterKey, salt: &[u8]) -> Result<LessSafeKey, SealError> {
    let key: Zeroizing<[u8; 32]> =
        Zeroizing::new(derived_hmac(master_key, LABEL).chain_update(salt).finalize().into_bytes().into());
    let key = UnboundKey::new(&AES_256_GCM, &*key);
    key.map(LessSafeKey::new).map_err(|_| SealError::Failed)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    struct Counting(AtomicU8);

    impl RandomSource for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn keys(bytes: &[u8]) -> MasterKeys {
        let lines: Vec<String> =
            bytes.iter().map(|byte| MasterKey::generate([*byte; 32]).to_text().expose().to_owned()).collect();
        MasterKeys::parse(&lines.join("\n")).unwrap()
    }

    #[test]
    fn a_state_opens_for_what_it_was_made_for_under_current_and_previous_keys_only() {
        let random = Counting(AtomicU8::new(1));
        let sealed = seal_state(&keys(&[1]), &random, b"purpose", b"state").unwrap();
        let opened = |numbers: &[u8], aad: &[u8]| open_state(&keys(numbers), aad, &sealed);
        assert_eq!(opened(&[1], b"purpose").unwrap().as_slice(), b"state");
        assert_eq!(opened(&[2, 1], b"purpose").unwrap().as_slice(), b"state");
        assert_eq!(opened(&[1], b"other").err(), Some(SealError::Corrupt));
        assert_eq!(
            opened(&[2], b"purpose").err(),
            Some(SealError::UnknownMasterKey(keys(&[1]).current_id()))
        );
        let again = seal_state(&keys(&[1]), &random, b"purpose", b"state").unwrap();
        assert_ne!(again, sealed);
    }

    #[test]
    fn every_changed_or_missing_byte_is_seen() {
        let keys = keys(&[1]);
        let sealed = seal_state(&keys, &Counting(AtomicU8::new(1)), b"purpose", b"state").unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(open_state(&keys, b"purpose", &changed).is_err(), "{index}");
            assert!(open_state(&keys, b"purpose", &sealed[..index]).is_err(), "{index}");
        }
    }
}
