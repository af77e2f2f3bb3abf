//! MACs under keys that are derived from the master keys, each use of them with a label and so with a key of its
//! own. A stored one names its master key, so that it goes on under earlier ones.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::master_key::{MasterKey, MasterKeyId, MasterKeys};

/// A MAC with the name of the master key it was made under, as it is stored.
#[derive(Clone, Copy)]
pub struct KeyedMac {
    key_id: MasterKeyId,
    tag: [u8; 32],
}

impl KeyedMac {
    /// From its stored form.
    pub const fn from_parts(key_id: MasterKeyId, tag: [u8; 32]) -> Self {
        Self { key_id, tag }
    }

    /// The master key it was made under.
    pub const fn key_id(&self) -> MasterKeyId {
        self.key_id
    }

    /// The bytes to store.
    pub const fn tag(&self) -> &[u8; 32] {
        &self.tag
    }
}

/// In constant time.
impl PartialEq for KeyedMac {
    fn eq(&self, other: &Self) -> bool {
        self.key_id == other.key_id && bool::from(self.tag.ct_eq(&other.tag))
    }
}

impl Eq for KeyedMac {}

impl fmt::Debug for KeyedMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedMac").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// What a MAC says about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacCheck {
    /// It is the message.
    Match,
    /// It is the message, but the MAC should be made again under the current key.
    MatchUnderPreviousKey,
    /// It is another message.
    Mismatch,
    /// The MAC was made under a master key that is not here: it says nothing.
    UnknownKey,
}

/// The keys of one use, of all master keys, ready to take messages.
pub struct DerivedMacKeys {
    current: (MasterKeyId, Hmac<Sha256>),
    previous: Vec<(MasterKeyId, Hmac<Sha256>)>,
}

impl DerivedMacKeys {
    /// Derives the keys and prepares their state, so that a check hashes nothing but the message.
    pub fn new(master_keys: &MasterKeys, label: &'static str) -> Self {
        let previous = master_keys.iter().skip(1).map(|(id, key)| (id, derived_hmac(key, label))).collect();
        Self { current: (master_keys.current_id(), derived_hmac(master_keys.current(), label)), previous }
    }

    /// The MAC of what `write` adds, under the current key.
    pub fn tag(&self, write: impl FnOnce(Hmac<Sha256>) -> Hmac<Sha256>) -> KeyedMac {
        let (key_id, state) = &self.current;
        KeyedMac { key_id: *key_id, tag: finished(state, write) }
    }

    /// Compares the MAC of what `write` adds with a stored one, in constant time.
    pub fn check(&self, stored: &KeyedMac, write: impl FnOnce(Hmac<Sha256>) -> Hmac<Sha256>) -> MacCheck {
        let (current_id, current) = &self.current;
        let (state, on_match) = if stored.key_id == *current_id {
            (current, MacCheck::Match)
        } else {
            match self.previous.iter().find(|(id, _)| *id == stored.key_id) {
                Some((_, state)) => (state, MacCheck::MatchUnderPreviousKey),
                None => return MacCheck::UnknownKey,
            }
        };
        if bool::from(finished(state, write).ct_eq(&stored.tag)) { on_match } else { MacCheck::Mismatch }
    }

    /// A MAC under the current key that no message has.
    pub(crate) fn decoy(&self) -> KeyedMac {
        KeyedMac { key_id: self.current.0, tag: [0; 32] }
    }
}

/// HMAC-SHA-256 (RFC 2104) under the key that this use has of a master key.
pub fn derived_hmac(master_key: &MasterKey, label: &'static str) -> Hmac<Sha256> {
    prepared(master_key.derive(label).as_bytes())
}

fn prepared(key: &[u8; 32]) -> Hmac<Sha256> {
    // A block-sized key (zero-filled, RFC 2104 §2) makes the constructor that cannot fail usable.
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::new((&*block).into())
}

fn finished(state: &Hmac<Sha256>, write: impl FnOnce(Hmac<Sha256>) -> Hmac<Sha256>) -> [u8; 32] {
    write(state.clone()).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231_section_4_3() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mut mac = prepared(&key);
        mac.update(b"what do ya want for nothing?");
        assert_eq!(
            HEXLOWER.encode(&mac.finalize().into_bytes()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
