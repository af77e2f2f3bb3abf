//! Encryption of what goes through a browser and comes back: states that nobody stores.
//!
//! Anybody can have any number of them made, so none shares a key with what is at rest: each has a key of its own,
//! derived from random bytes beside it. The bytes are a version, the id of the master key, those random bytes, and
//! the ciphertext with its tag.

use hmac::Mac;
use turnkeep_secret::derived_mac::derived_hmac;
use turnkeep_secret::master_key::{MasterKey, MasterKeyId, MasterKeys};
use turnkeep_secret::random::{RandomSource, random_bytes};
use zeroize::Zeroizing;

use crate::aes_gcm::{Binding, NONCE_BYTES, decrypt, encrypt};
use crate::sealing::SealError;

const LABEL: &str = "turnkeep state sealing v1";
const VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const SALT_BYTES: usize = 24;

/// A key seals one state, so there is one nonce.
const ONLY_NONCE: [u8; NONCE_BYTES] = [0; NONCE_BYTES];

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
    let binding = Binding { header: &sealed, aad };
    let ciphertext = encrypt(&state_key(keys.current(), &salt), ONLY_NONCE, binding, plaintext)?;
    sealed.extend_from_slice(&ciphertext);
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
    decrypt(&state_key(master_key, salt), ONLY_NONCE, Binding { header, aad }, ciphertext)
}

fn state_key(master_key: &MasterKey, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(derived_hmac(master_key, LABEL).chain_update(salt).finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use turnkeep_testkit::fixtures::numbered_master_keys as keys;
    use turnkeep_testkit::seeded_random::SeededRandom;

    use super::*;

    #[test]
    fn a_state_opens_for_what_it_was_made_for_under_current_and_previous_keys_only() {
        let random = SeededRandom::new(1);
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
        let sealed = seal_state(&keys, &SeededRandom::new(1), b"purpose", b"state").unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(open_state(&keys, b"purpose", &changed).is_err(), "{index}");
            assert!(open_state(&keys, b"purpose", &sealed[..index]).is_err(), "{index}");
        }
    }
}
