//! The fast check of a secret: a MAC under a key that the database does not have. It must stay well below a
//! microsecond, since every token request pays for it, right or wrong.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::master_key::{MasterKeyId, MasterKeys};

const LABEL: &str = "turnkeep client secret mac v1";

/// A stored MAC of a secret, with the name of the master key it was made under.
#[derive(Clone)]
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

/// What a MAC says about a presented secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacCheck {
    /// It is the secret.
    Match,
    /// It is the secret, but the MAC should be made again under the current key.
    MatchUnderPreviousKey,
    /// It is another secret, or another owner's.
    Mismatch,
    /// The MAC was made under a master key that is not here: it says nothing.
    UnknownKey,
}

/// The MAC keys of all master keys, ready to use.
pub struct MacKeys {
    current: (MasterKeyId, Hmac<Sha256>),
    previous: Vec<(MasterKeyId, Hmac<Sha256>)>,
}

impl MacKeys {
    /// Derives the keys and prepares their state, so that a check hashes nothing but the secret.
    pub fn new(master_keys: &MasterKeys) -> Self {
        let current = (master_keys.current_id(), prepared(master_keys.current().derive(LABEL).as_bytes()));
        let previous = master_keys
            .iter()
            .skip(1)
            .map(|(id, master_key)| (id, prepared(master_key.derive(LABEL).as_bytes())))
            .collect();
        Self { current, previous }
    }

    /// The MAC to store for a secret of this owner, under the current key.
    pub fn tag(&self, owner: &[u8; 16], presented: &str) -> KeyedMac {
        let (key_id, state) = &self.current;
        KeyedMac { key_id: *key_id, tag: compute(state, owner, presented) }
    }

    /// Compares in constant time. The owner is part of the MAC, so that one moved to another app's row is dead.
    pub fn check(&self, owner: &[u8; 16], presented: &str, stored: &KeyedMac) -> MacCheck {
        let (current_id, current) = &self.current;
        let (state, on_match) = if stored.key_id == *current_id {
            (current, MacCheck::Match)
        } else {
            match self.previous.iter().find(|(id, _)| *id == stored.key_id) {
                Some((_, state)) => (state, MacCheck::MatchUnderPreviousKey),
                None => return MacCheck::UnknownKey,
            }
        };
        if bool::from(compute(state, owner, presented).ct_eq(&stored.tag)) {
            on_match
        } else {
            MacCheck::Mismatch
        }
    }

    /// A MAC that no secret has. Checking against it takes as long as any mismatch: for clients that do not
    /// exist, so that their answer takes no less time than that of a wrong secret.
    pub fn decoy(&self) -> KeyedMac {
        KeyedMac { key_id: self.current.0, tag: [0; 32] }
    }
}

impl fmt::Debug for MacKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKeys(…)")
    }
}

fn prepared(key: &[u8; 32]) -> Hmac<Sha256> {
    // A block-sized key (zero-filled, RFC 2104 §2) makes the constructor that cannot fail usable.
    let mut block = zeroize::Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::new((&*block).into())
}

fn compute(state: &Hmac<Sha256>, owner: &[u8; 16], presented: &str) -> [u8; 32] {
    let mut mac = state.clone();
    mac.update(owner);
    mac.update(presented.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;
    use crate::master_key::MasterKey;

    fn keys(bytes: &[u8]) -> MacKeys {
        let lines: Vec<String> =
            bytes.iter().map(|byte| MasterKey::generate([*byte; 32]).to_text().expose().to_owned()).collect();
        MacKeys::new(&MasterKeys::parse(&lines.join("\n")).unwrap())
    }

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

    #[test]
    fn the_tag_is_pinned() {
        // Stored MACs depend on this value. The expected one was computed with another implementation.
        let mac = keys(&[1]).tag(&[7; 16], "secret");
        assert_eq!(
            HEXLOWER.encode(mac.tag()),
            "23fa6eb6038c896f44600eca26a55cd861f311b1add589b459ebf31f397373e2"
        );
    }

    #[test]
    fn what_a_mac_says() {
        let stored = keys(&[1]).tag(&[7; 16], "secret");
        for (now, owner, presented, expected) in [
            (&[1][..], [7; 16], "secret", MacCheck::Match),
            (&[2, 3, 1], [7; 16], "secret", MacCheck::MatchUnderPreviousKey),
            (&[2, 3], [7; 16], "secret", MacCheck::UnknownKey),
            (&[1], [7; 16], "Secret", MacCheck::Mismatch),
            (&[1], [7; 16], "", MacCheck::Mismatch),
            (&[1], [8; 16], "secret", MacCheck::Mismatch),
            (&[2, 1], [8; 16], "secret", MacCheck::Mismatch),
        ] {
            assert_eq!(keys(now).check(&owner, presented, &stored), expected, "{now:?} {presented}");
        }
    }

    #[test]
    fn nothing_matches_the_decoy() {
        let keys = keys(&[1]);
        assert_eq!(keys.check(&[7; 16], "secret", &keys.decoy()), MacCheck::Mismatch);
    }
}
