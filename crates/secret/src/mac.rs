//! The fast check of a secret: a MAC under a key that the database does not have. It must stay well below a
//! microsecond, since every token request pays for it, right or wrong.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::derived_mac::{DerivedMacKeys, KeyedMac, MacCheck};
use crate::master_key::MasterKeys;

const LABEL: &str = "turnkeep client secret mac v1";

/// The MAC keys of all master keys, ready to use.
pub struct MacKeys(DerivedMacKeys);

impl MacKeys {
    /// Derives the keys and prepares their state, so that a check hashes nothing but the secret.
    pub fn new(master_keys: &MasterKeys) -> Self {
        Self(DerivedMacKeys::new(master_keys, LABEL))
    }

    /// The MAC to store for a secret of this owner, under the current key.
    pub fn tag(&self, owner: &[u8; 16], presented: &str) -> KeyedMac {
        self.0.tag(|mac| of_owner(mac, owner, presented))
    }

    /// Compares in constant time. The owner is part of the MAC, so that one moved to another app's row is dead.
    pub fn check(&self, owner: &[u8; 16], presented: &str, stored: &KeyedMac) -> MacCheck {
        self.0.check(stored, |mac| of_owner(mac, owner, presented))
    }

    /// A MAC that no secret has. Checking against it takes as long as any mismatch: for clients that do not
    /// exist, so that their answer takes no less time than that of a wrong secret.
    pub fn decoy(&self) -> KeyedMac {
        self.0.decoy()
    }
}

impl fmt::Debug for MacKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKeys(…)")
    }
}

fn of_owner(mac: Hmac<Sha256>, owner: &[u8; 16], presented: &str) -> Hmac<Sha256> {
    mac.chain_update(owner).chain_update(presented)
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
