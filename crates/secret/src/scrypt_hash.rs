//! scrypt (RFC 7914): the stored form of every secret and password, with its parameters in the stored text.
//!
//! Making or verifying takes tens of milliseconds and megabytes of memory: never on a thread that serves requests.

use std::fmt;

use data_encoding::BASE64_NOPAD;
use scrypt::{Params, scrypt};
use subtle::ConstantTimeEq;

use crate::phc_text;

/// Why something is not a usable scrypt hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScryptError {
    /// Parameters that are zero, or ask for more than this server is willing to spend on one check.
    #[error("scrypt parameters must be ln 1 to 20, r 1 to 32, p 1 to 16 and take at most 256 MiB")]
    Parameters,
    /// A secret that ends in NUL. HMAC fills its key up with zeros (RFC 2104 §2), and so scrypt cannot tell it
    /// from the same secret without the NUL.
    #[error("a secret must not end in a NUL character")]
    TrailingNul,
    /// Not `$scrypt$ln=…,r=…,p=…$salt$hash`.
    #[error("not a scrypt hash in the PHC string format")]
    Malformed,
}

/// The cost of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScryptParams {
    log_n: u8,
    r: u32,
    p: u32,
}

impl ScryptParams {
    /// For generated secrets (16 MiB): 256 random bits need no slow hash, but imported ones may be weak.
    pub const CLIENT_SECRET: Self = Self { log_n: 14, r: 8, p: 1 };
    /// For passwords (32 MiB), one of the settings that OWASP's password storage advice holds for equivalent.
    pub const PASSWORD: Self = Self { log_n: 15, r: 8, p: 3 };

    /// The most memory that one check may take, in bytes.
    const MAX_MEMORY: u64 = 256 << 20;

    /// `log_n` is the base 2 logarithm of the cost, `r` the block size, `p` the parallelism (RFC 7914 §2).
    /// Bounded, so that a stored or imported text cannot ask for any amount of memory or time.
    pub fn new(log_n: u8, r: u32, p: u32) -> Result<Self, ScryptError> {
        let bounded = (1..=20).contains(&log_n) && (1..=32).contains(&r) && (1..=16).contains(&p);
        if !bounded || Self::MAX_MEMORY < (128 * u64::from(r)) << log_n {
            return Err(ScryptError::Parameters);
        }
        Ok(Self { log_n, r, p })
    }

    /// The base 2 logarithm of the cost.
    pub const fn log_n(self) -> u8 {
        self.log_n
    }

    /// The block size.
    pub const fn r(self) -> u32 {
        self.r
    }

    /// The parallelism.
    pub const fn p(self) -> u32 {
        self.p
    }
}

/// A scrypt hash in the PHC string format.
#[derive(Clone)]
pub struct ScryptHash {
    text: String,
    params: ScryptParams,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl ScryptHash {
    pub(crate) const PREFIX: &'static str = "$scrypt$";
    const SALT_BYTES: std::ops::RangeInclusive<usize> = 8..=64;
    const HASH_BYTES: std::ops::RangeInclusive<usize> = 32..=64;

    /// Hashes a secret. The salt is random and new for every hash.
    pub fn make(secret: &str, params: ScryptParams, salt: [u8; 16]) -> Result<Self, ScryptError> {
        let mut hash = vec![0; 32];
        derive(secret, params, &salt, &mut hash)?;
        Ok(Self::from_parts(params, salt.to_vec(), hash))
    }

    /// What [`Self::parse`] would read; the caller has checked the lengths.
    pub(crate) fn from_parts(params: ScryptParams, salt: Vec<u8>, hash: Vec<u8>) -> Self {
        let ScryptParams { log_n, r, p } = params;
        let (encoded_salt, encoded_hash) = (BASE64_NOPAD.encode(&salt), BASE64_NOPAD.encode(&hash));
        let text = format!("{}ln={log_n},r={r},p={p}${encoded_salt}${encoded_hash}", Self::PREFIX);
        Self { text, params, salt, hash }
    }

    /// Reads the stored text. Only the one spelling that [`Self::make`] writes is accepted.
    pub fn parse(text: &str) -> Result<Self, ScryptError> {
        let fields = text.strip_prefix(Self::PREFIX).ok_or(ScryptError::Malformed)?;
        let mut fields = fields.split('$');
        let (Some(params), Some(salt), Some(hash), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(ScryptError::Malformed);
        };
        let params = parse_params(params)?;
        let salt = phc_text::bytes(salt, &Self::SALT_BYTES).ok_or(ScryptError::Malformed)?;
        let hash = phc_text::bytes(hash, &Self::HASH_BYTES).ok_or(ScryptError::Malformed)?;
        Ok(Self { text: text.to_owned(), params, salt, hash })
    }

    /// Hashes what is presented and compares in constant time. What ends in NUL never matches.
    pub fn verify(&self, presented: &str) -> bool {
        let mut hash = vec![0; self.hash.len()];
        derive(presented, self.params, &self.salt, &mut hash).is_ok() && bool::from(hash.ct_eq(&self.hash))
    }

    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it cost.
    pub const fn params(&self) -> ScryptParams {
        self.params
    }
}

/// In constant time.
impl PartialEq for ScryptHash {
    fn eq(&self, other: &Self) -> bool {
        bool::from(self.text.as_bytes().ct_eq(other.text.as_bytes()))
    }
}

impl Eq for ScryptHash {}

impl fmt::Debug for ScryptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScryptHash").field("params", &self.params).finish_non_exhaustive()
    }
}

fn derive(secret: &str, params: ScryptParams, salt: &[u8], hash: &mut [u8]) -> Result<(), ScryptError> {
    if secret.ends_with('\0') {
        return Err(ScryptError::TrailingNul);
    }
    let params = Params::new(params.log_n, params.r, params.p).map_err(|_| ScryptError::Parameters)?;
    scrypt(secret.as_bytes(), salt, &params, hash).map_err(|_| ScryptError::Parameters)
}

fn parse_params(text: &str) -> Result<ScryptParams, ScryptError> {
    let mut fields = text.split(',');
    let (Some(log_n), Some(r), Some(p), None) = (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(ScryptError::Malformed);
    };
    let number = |field, name| phc_text::decimal(field, name).ok_or(ScryptError::Malformed);
    let log_n = u8::try_from(number(log_n, "ln=")?).map_err(|_| ScryptError::Parameters)?;
    ScryptParams::new(log_n, number(r, "r=")?, number(p, "p=")?)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    const CHEAP: ScryptParams = ScryptParams { log_n: 4, r: 8, p: 1 };

    #[test]
    fn rfc_7914_section_12_vectors() {
        for (secret, salt, (log_n, r, p), expected) in [
            (
                "password",
                "NaCl",
                (10, 8, 16),
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
                 2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
            ),
            (
                "pleaseletmein",
                "SodiumChloride",
                (14, 8, 1),
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                 d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
            ),
        ] {
            let mut hash = [0; 64];
            derive(secret, ScryptParams::new(log_n, r, p).unwrap(), salt.as_bytes(), &mut hash).unwrap();
            assert_eq!(HEXLOWER.encode(&hash), expected);
        }
    }

    #[test]
    fn a_stored_text_of_another_implementation_verifies() {
        // The first vector above as a PHC string, its salt being long enough.
        let text = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw";
        let stored = ScryptHash::parse(text).unwrap();
        assert!(stored.verify("pleaseletmein"));
        assert!(!stored.verify("pleaseletmein "));
        assert_eq!((stored.as_str(), stored.params()), (text, ScryptParams::CLIENT_SECRET));
    }

    #[test]
    fn hashes_carry_their_parameters_and_round_trip() {
        let made = ScryptHash::make("secret", CHEAP, [9; 16]).unwrap();
        assert!(made.as_str().starts_with("$scrypt$ln=4,r=8,p=1$"));
        let stored = ScryptHash::parse(made.as_str()).unwrap();
        assert_eq!(stored, made);
        assert!(stored.verify("secret"));
        assert_ne!(made, ScryptHash::make("secret", CHEAP, [8; 16]).unwrap());
    }

    #[test]
    fn secrets_are_exact() {
        for (secret, other) in [
            ("a\0b", "a"),
            ("a", "a\0"),
            ("a", "a\0\0"),
            ("007", "7"),
            ("é", "e\u{301}"),
            ("", "\0"),
            ("x", "X"),
            ("x", "x "),
        ] {
            let hash = ScryptHash::make(secret, CHEAP, [1; 16]).unwrap();
            assert!(hash.verify(secret), "{secret:?}");
            assert!(!hash.verify(other), "{secret:?} is not {other:?}");
        }
        assert_eq!(ScryptHash::make("a\0", CHEAP, [1; 16]), Err(ScryptError::TrailingNul));
    }

    #[test]
    fn no_text_asks_for_unbounded_work() {
        let tail = "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        for (params, accepted) in [
            ("ln=14,r=8,p=1", true),
            ("ln=18,r=8,p=16", true),
            ("ln=20,r=2,p=1", true),
            ("ln=20,r=8,p=1", false),
            ("ln=21,r=1,p=1", false),
            ("ln=255,r=1,p=1", false),
            ("ln=256,r=1,p=1", false),
            ("ln=10,r=33,p=1", false),
            ("ln=10,r=8,p=17", false),
            ("ln=10,r=8,p=4294967296", false),
            ("ln=0,r=8,p=1", false),
            ("ln=10,r=0,p=1", false),
        ] {
            let parsed = ScryptHash::parse(&format!("$scrypt${params}${tail}"));
            assert_eq!(parsed.is_ok(), accepted, "{params}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = "$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(ScryptHash::parse(good).is_ok());
        for (from, to) in [
            ("$scrypt$", "$SCRYPT$"),
            ("$scrypt$", "scrypt$"),
            ("ln=4", "ln=04"),
            ("ln=4", "ln=+4"),
            ("ln=4", "ln="),
            ("ln=4,r=8", "r=8,ln=4"),
            ("p=1", "p=1,x=1"),
            ("p=1$", "p=1$$"),
            ("p=1$AAAA", "p=1$====AAAA"),
            ("AAAAAA$", "AAAAAB$"),
            ("$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$AAAA"),
            ("$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""),
        ] {
            let text = good.replace(from, to);
            assert_ne!(text, good);
            assert_eq!(ScryptHash::parse(&text).err(), Some(ScryptError::Malformed), "{text}");
        }
    }
}
