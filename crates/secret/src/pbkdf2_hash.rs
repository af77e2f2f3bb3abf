//! PBKDF2 (RFC 8018 §5.2) of other systems, verified until the first success. Never made here.

use std::fmt;
use std::ops::RangeInclusive;

use data_encoding::BASE64_NOPAD;
use pbkdf2::pbkdf2_hmac;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use crate::foreign_hash::{ForeignAlgorithm, ForeignHashError};
use crate::phc_text;

const MALFORMED: ForeignHashError = ForeignHashError::Malformed(ForeignAlgorithm::Pbkdf2);
const COST: ForeignHashError = ForeignHashError::Cost(ForeignAlgorithm::Pbkdf2);

/// The hash function below the HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pbkdf2Function {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Pbkdf2Function {
    const fn output_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Sha256 => "$pbkdf2-sha256$",
            Self::Sha512 => "$pbkdf2-sha512$",
        }
    }
}

/// A PBKDF2 hash.
#[derive(Clone)]
pub struct Pbkdf2Hash {
    function: Pbkdf2Function,
    iterations: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Pbkdf2Hash {
    pub(crate) const PREFIX: &'static str = "$pbkdf2-";

    /// The most iterations that one check may take, over all blocks of the output: under a second.
    pub const MAX_ITERATIONS: u32 = 2_000_000;

    const SALT_BYTES: RangeInclusive<usize> = 8..=64;
    const HASH_BYTES: RangeInclusive<usize> = 16..=64;

    /// From its parts, as Keycloak stores them. The salt has 8 to 64 bytes, the hash 16 to 64.
    pub fn new(
        function: Pbkdf2Function,
        iterations: u32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    ) -> Result<Self, ForeignHashError> {
        if !Self::SALT_BYTES.contains(&salt.len()) || !Self::HASH_BYTES.contains(&hash.len()) {
            return Err(MALFORMED);
        }
        let blocks = u32::try_from(hash.len().div_ceil(function.output_bytes())).map_err(|_| MALFORMED)?;
        match iterations.checked_mul(blocks) {
            Some(total) if (1..=Self::MAX_ITERATIONS).contains(&total) => {
                Ok(Self { function, iterations, salt, hash })
            }
            Some(_) | None => Err(COST),
        }
    }

    /// Reads `$pbkdf2-sha256$i=…,l=…$salt$hash` (Hydra, the PHC string format) or `$pbkdf2-sha256$…$salt$hash`
    /// with `.` for `+` (passlib), and the same with `sha512`.
    pub fn parse(text: &str) -> Result<Self, ForeignHashError> {
        let (function, fields) = [Pbkdf2Function::Sha256, Pbkdf2Function::Sha512]
            .into_iter()
            .find_map(|function| text.strip_prefix(function.prefix()).map(|fields| (function, fields)))
            .ok_or(MALFORMED)?;
        let mut fields = fields.split('$');
        let (Some(params), Some(salt), Some(hash), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(MALFORMED);
        };
        let (iterations, length, salt, hash) = if params.starts_with("i=") {
            let (iterations, length) = phc_params(params)?;
            (
                iterations,
                length,
                phc_text::bytes(salt, &Self::SALT_BYTES),
                phc_text::bytes(hash, &Self::HASH_BYTES),
            )
        } else {
            let iterations = phc_text::decimal(params, "").ok_or(MALFORMED)?;
            let adapted = |field: &str, length| phc_text::bytes(&field.replace('.', "+"), length);
            (iterations, None, adapted(salt, &Self::SALT_BYTES), adapted(hash, &Self::HASH_BYTES))
        };
        let (Some(salt), Some(hash)) = (salt, hash) else {
            return Err(MALFORMED);
        };
        if length.is_some_and(|length| usize::try_from(length) != Ok(hash.len())) {
            return Err(MALFORMED);
        }
        Self::new(function, iterations, salt, hash)
    }

    /// Whether this is the secret, compared in constant time.
    ///
    /// HMAC fills its key up with zeros (RFC 2104 §2): what ends in NUL could not be told from the same without
    /// it, and never matches.
    pub fn verify(&self, presented: &str) -> bool {
        if presented.ends_with('\0') {
            return false;
        }
        let derive = match self.function {
            Pbkdf2Function::Sha256 => pbkdf2_hmac::<Sha256>,
            Pbkdf2Function::Sha512 => pbkdf2_hmac::<Sha512>,
        };
        let mut hash = vec![0; self.hash.len()];
        derive(presented.as_bytes(), &self.salt, self.iterations, &mut hash);
        bool::from(hash.ct_eq(&self.hash))
    }

    /// The text to store, in the PHC string format.
    pub fn to_text(&self) -> String {
        let (prefix, iterations, length) = (self.function.prefix(), self.iterations, self.hash.len());
        let (salt, hash) = (BASE64_NOPAD.encode(&self.salt), BASE64_NOPAD.encode(&self.hash));
        format!("{prefix}i={iterations},l={length}${salt}${hash}")
    }
}

/// In constant time.
impl PartialEq for Pbkdf2Hash {
    fn eq(&self, other: &Self) -> bool {
        bool::from(self.to_text().as_bytes().ct_eq(other.to_text().as_bytes()))
    }
}

impl Eq for Pbkdf2Hash {}

impl fmt::Debug for Pbkdf2Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pbkdf2Hash")
            .field("function", &self.function)
            .field("iterations", &self.iterations)
            .finish_non_exhaustive()
    }
}

/// Iterations and length of `i=…` or `i=…,l=…`.
fn phc_params(text: &str) -> Result<(u32, Option<u32>), ForeignHashError> {
    let (iterations, length) = match text.split_once(',') {
        Some((iterations, length)) => (iterations, Some(phc_text::decimal(length, "l=").ok_or(MALFORMED)?)),
        None => (text, None),
    };
    Ok((phc_text::decimal(iterations, "i=").ok_or(MALFORMED)?, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made by Python's hashlib and, for the third, by passlib.
    const SHA_256: &str =
        "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM";
    const SHA_512: &str = "$pbkdf2-sha512$i=1000,l=64$c2FsdHNhbHRzYWx0c2FsdA$EHLBej+uEvxlmr0QnHnceg1vM6h1wbwSP5XErh3SmizNDWZsIi28RPGARe0EssjGRoiACzxgHjNvqwJY1zxKig";
    const PASSLIB: &str =
        "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2H/.w$mObwab1pPx.UWHHAotL.4UW0ZTNiT8t6SPG8AQkZmqc";
    const TWO_BLOCKS: &str = "$pbkdf2-sha256$i=1000,l=64$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzMlDQ3Yb2wCsKdu0jOOQpv3YwCPvTBpfPZXomHUAcFnjQ";

    #[test]
    fn hashes_of_other_implementations_verify_and_round_trip() {
        for text in [SHA_256, SHA_512, PASSLIB, TWO_BLOCKS] {
            let hash = Pbkdf2Hash::parse(text).unwrap();
            assert!(hash.verify("correct horse"), "{text}");
            for wrong in ["correct horsf", "correct horse ", "", "correct horse\0"] {
                assert!(!hash.verify(wrong), "{wrong:?} {text}");
            }
            assert_eq!(Pbkdf2Hash::parse(&hash.to_text()), Ok(hash));
        }
        assert_eq!(Pbkdf2Hash::parse(SHA_512).unwrap().to_text(), SHA_512);
    }

    #[test]
    fn parts_make_the_same_hash_as_the_text() {
        let hash = BASE64_NOPAD.decode(b"BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM").unwrap();
        let made =
            Pbkdf2Hash::new(Pbkdf2Function::Sha256, 1_000, b"saltsaltsaltsalt".to_vec(), hash).unwrap();
        assert_eq!(made.to_text(), SHA_256);
    }

    #[test]
    fn the_cost_is_bounded_over_all_blocks() {
        for (iterations, length, accepted) in [
            (1, 32, true),
            (2_000_000, 32, true),
            (2_000_001, 32, false),
            (1_000_000, 64, true),
            (1_000_001, 64, false),
            (u32::MAX, 64, false),
            (0, 32, false),
        ] {
            let made = Pbkdf2Hash::new(Pbkdf2Function::Sha256, iterations, vec![0; 16], vec![0; length]);
            assert_eq!(made.is_ok(), accepted, "{iterations} {length}");
        }
        for beyond in ["2000001", "99999999999999999999"] {
            let text = SHA_256.replace("1000", beyond);
            assert_eq!(Pbkdf2Hash::parse(&text), Err(COST), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (from, to) in [
            ("sha256", "sha1"),
            ("i=1000", "i=01000"),
            ("i=1000", "i=+1000"),
            ("i=1000", "i=0"),
            ("l=32", "l=31"),
            ("l=32", "x=32"),
            ("l=32", "l=32,x=1"),
            ("c2FsdHNhbHRzYWx0c2FsdA", "c2FsdA"),
            ("c2FsdHNhbHRzYWx0c2FsdA", "c2FsdHNhbHRzYWx0c2FsdA=="),
            ("CbzM", "CbzM$x"),
            ("$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM", ""),
        ] {
            let text = SHA_256.replace(from, to);
            assert_ne!(text, SHA_256);
            assert_eq!(Pbkdf2Hash::parse(&text), Err(MALFORMED), "{text}");
        }
    }
}
