//! argon2 hashes (RFC 9106) of other systems, verified until the first success. Never made here.

use std::fmt;
use std::ops::RangeInclusive;

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq;

use crate::foreign_hash::{ForeignAlgorithm, ForeignHashError};
use crate::phc_text;

const MALFORMED: ForeignHashError = ForeignHashError::Malformed(ForeignAlgorithm::Argon2);
const COST: ForeignHashError = ForeignHashError::Cost(ForeignAlgorithm::Argon2);

/// An argon2 hash, without a secret key or associated data.
#[derive(Clone)]
pub struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Argon2Hash {
    pub(crate) const PREFIX: &'static str = "$argon2";

    /// The most memory that one check may take, in KiB: 128 MiB.
    pub const MAX_MEMORY_KIB: u32 = 128 << 10;
    /// The most passes over the memory; with all of it they take about a second.
    pub const MAX_PASSES: u32 = 10;
    const MAX_LANES: u32 = 16;

    const SALT_BYTES: RangeInclusive<usize> = 8..=64;
    const HASH_BYTES: RangeInclusive<usize> = 16..=64;

    /// Reads `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, also of argon2i and argon2d and without a version, which
    /// means the old one (16).
    pub fn parse(text: &str) -> Result<Self, ForeignHashError> {
        let mut fields = text.split('$');
        let (Some(""), Some(algorithm)) = (fields.next(), fields.next()) else {
            return Err(MALFORMED);
        };
        let algorithm = [Algorithm::Argon2id, Algorithm::Argon2i, Algorithm::Argon2d]
            .into_iter()
            .find(|candidate| candidate.as_str() == algorithm)
            .ok_or(MALFORMED)?;
        let fields: Vec<&str> = fields.take(5).collect();
        let (version, params, salt, hash) = match fields.as_slice() {
            ["v=19", params, salt, hash] => (Version::V0x13, params, salt, hash),
            ["v=16", params, salt, hash] | [params, salt, hash] => (Version::V0x10, params, salt, hash),
            _ => return Err(MALFORMED),
        };
        let (memory_kib, passes, lanes) = parse_params(params)?;
        let salt = phc_text::bytes(salt, &Self::SALT_BYTES).ok_or(MALFORMED)?;
        let hash = phc_text::bytes(hash, &Self::HASH_BYTES).ok_or(MALFORMED)?;
        let bounded =
            memory_kib <= Self::MAX_MEMORY_KIB && passes <= Self::MAX_PASSES && lanes <= Self::MAX_LANES;
        if !bounded || Params::new(memory_kib, passes, lanes, Some(hash.len())).is_err() {
            return Err(COST);
        }
        Ok(Self { algorithm, version, memory_kib, passes, lanes, salt, hash })
    }

    /// Whether this is the secret, compared in constant time.
    pub fn verify(&self, presented: &str) -> bool {
        let mut hash = vec![0; self.hash.len()];
        let derived =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(hash.len())).and_then(|params| {
                Argon2::new(self.algorithm, self.version, params).hash_password_into(
                    presented.as_bytes(),
                    &self.salt,
                    &mut hash,
                )
            });
        derived.is_ok() && bool::from(hash.ct_eq(&self.hash))
    }

    /// The text to store.
    pub fn to_text(&self) -> String {
        let Self { memory_kib, passes, lanes, .. } = self;
        let version = match self.version {
            Version::V0x10 => 16,
            Version::V0x13 => 19,
        };
        let (salt, hash) = (BASE64_NOPAD.encode(&self.salt), BASE64_NOPAD.encode(&self.hash));
        format!("${}$v={version}$m={memory_kib},t={passes},p={lanes}${salt}${hash}", self.algorithm.as_str())
    }
}

/// In constant time.
impl PartialEq for Argon2Hash {
    fn eq(&self, other: &Self) -> bool {
        bool::from(self.to_text().as_bytes().ct_eq(other.to_text().as_bytes()))
    }
}

impl Eq for Argon2Hash {}

impl fmt::Debug for Argon2Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Argon2Hash")
            .field("memory_kib", &self.memory_kib)
            .field("passes", &self.passes)
            .field("lanes", &self.lanes)
            .finish_non_exhaustive()
    }
}

fn parse_params(text: &str) -> Result<(u32, u32, u32), ForeignHashError> {
    let mut fields = text.split(',');
    let (Some(memory), Some(passes), Some(lanes), None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(MALFORMED);
    };
    let number = |field, name| phc_text::decimal(field, name).ok_or(MALFORMED);
    Ok((number(memory, "m=")?, number(passes, "t=")?, number(lanes, "p=")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made by the reference implementation.
    const VECTORS: [&str; 6] = [
        "$argon2id$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Sh1LF6dsajp2YjljvL/T0Tk68lSWQP232iGGbb+Qa5Y",
        "$argon2id$v=16$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$OrIO9kv58jSieDMEmxvApFv6nWFEesfbEW39oUwQGqw",
        "$argon2i$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Um2tQKSMO+0XrtzC+8oOj5XIfVYiz90GkcRUBruZJKQ",
        "$argon2i$v=16$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Q/g7ExRzd4OwBixEclcbxr7bcZNyhXm6Zg3utrfmkiU",
        "$argon2d$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$q8GmWt1VhoIHx6jP1k9sV3hz6bB9V2QssUGRU1eOj/k",
        "$argon2d$v=16$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$jx8zQPbS2uZZaaiayofhEXiIMXyeMYk6krMQewm4CDg",
    ];

    #[test]
    fn hashes_of_another_implementation_verify_and_round_trip() {
        for text in VECTORS {
            let hash = Argon2Hash::parse(text).unwrap();
            assert!(hash.verify("correct horse"), "{text}");
            for wrong in ["correct horsf", "correct horse\0", ""] {
                assert!(!hash.verify(wrong), "{wrong:?} {text}");
            }
            assert_eq!(hash.to_text(), text);
            assert_eq!(Argon2Hash::parse(text), Ok(hash));
        }
        let old = Argon2Hash::parse(VECTORS[1]).unwrap();
        assert_eq!(Argon2Hash::parse(&VECTORS[1].replace("v=16$", "")), Ok(old));
    }

    #[test]
    fn the_cost_is_bounded() {
        for (params, accepted) in [
            ("m=131072,t=10,p=16", true),
            ("m=131073,t=1,p=1", false),
            ("m=64,t=11,p=1", false),
            ("m=1024,t=1,p=17", false),
            ("m=8,t=1,p=2", false),
            ("m=99999999999,t=1,p=1", false),
        ] {
            let parsed = Argon2Hash::parse(&VECTORS[0].replace("m=64,t=2,p=2", params));
            assert_eq!(parsed.is_ok(), accepted, "{params}");
            assert!(accepted || parsed == Err(COST), "{params}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (from, to) in [
            ("argon2id", "argon2x"),
            ("argon2id", "argon2"),
            ("v=19", "v=18"),
            ("v=19$", "v=19$v=19$"),
            ("m=64,t=2", "t=2,m=64"),
            ("t=2", "t=02"),
            ("t=2", "t=0"),
            ("p=2", "p=2,keyid=x"),
            ("p=2", "p=2,data=x"),
            ("c2FsdHNhbHRzYWx0c2FsdA", "c2FsdA"),
            ("Sh1LF6dsajp2YjljvL/T0Tk68lSWQP232iGGbb+Qa5Y", "Sh1LFw"),
            ("Qa5Y", "Qa5Y$x"),
        ] {
            let text = VECTORS[0].replace(from, to);
            assert_ne!(text, VECTORS[0]);
            assert_eq!(Argon2Hash::parse(&text), Err(MALFORMED), "{text}");
        }
    }
}
