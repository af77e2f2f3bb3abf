//! Hashes that another system made: accepted on import, verified, and replaced by ours at the first success, since
//! only then the secret is known.
//!
//! Each has bounds on the time and memory that one check takes, so that an import cannot plant a text whose check
//! stops the server.

use std::fmt;

use crate::argon2_hash::Argon2Hash;
use crate::bcrypt_hash::BcryptHash;
use crate::pbkdf2_hash::Pbkdf2Hash;

/// The algorithm of a foreign hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignAlgorithm {
    /// RFC 9106.
    Argon2,
    /// OpenBSD's password hash.
    Bcrypt,
    /// RFC 8018 §5.2, with HMAC of SHA-256 or SHA-512.
    Pbkdf2,
    /// RFC 7914, in the spelling or with the parameters of another system.
    Scrypt,
}

impl fmt::Display for ForeignAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Argon2 => "argon2",
            Self::Bcrypt => "bcrypt",
            Self::Pbkdf2 => "PBKDF2",
            Self::Scrypt => "scrypt",
        })
    }
}

/// Why a foreign hash is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForeignHashError {
    /// Parameters outside of what the algorithm allows, or more time or memory than one check may take.
    #[error("the parameters of the {0} hash are invalid or cost more than one check may take")]
    Cost(ForeignAlgorithm),
    /// It starts like a hash of this kind and is none, or has a salt or hash that is too short or too long.
    #[error("not a well-formed {0} hash")]
    Malformed(ForeignAlgorithm),
}

/// A hash of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForeignHash {
    /// argon2id, argon2i or argon2d.
    Argon2(Argon2Hash),
    /// bcrypt.
    Bcrypt(BcryptHash),
    /// PBKDF2.
    Pbkdf2(Pbkdf2Hash),
}

impl ForeignHash {
    /// Reads an accepted spelling or what [`Self::to_text`] wrote; `None` if the text does not even start like
    /// one.
    pub fn parse(text: &str) -> Option<Result<Self, ForeignHashError>> {
        if text.starts_with(Argon2Hash::PREFIX) {
            return Some(Argon2Hash::parse(text).map(Self::Argon2));
        }
        if text.starts_with(Pbkdf2Hash::PREFIX) {
            return Some(Pbkdf2Hash::parse(text).map(Self::Pbkdf2));
        }
        text.starts_with(BcryptHash::PREFIX).then(|| BcryptHash::parse(text).map(Self::Bcrypt))
    }

    /// Whether this is the secret, compared in constant time. It may take a second: on the bounded pool only.
    pub fn verify(&self, presented: &str) -> bool {
        match self {
            Self::Argon2(hash) => hash.verify(presented),
            Self::Bcrypt(hash) => hash.verify(presented),
            Self::Pbkdf2(hash) => hash.verify(presented),
        }
    }

    /// The text to store.
    pub fn to_text(&self) -> String {
        match self {
            Self::Argon2(hash) => hash.to_text(),
            Self::Bcrypt(hash) => hash.to_text(),
            Self::Pbkdf2(hash) => hash.to_text(),
        }
    }
}
