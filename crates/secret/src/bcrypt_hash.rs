//! bcrypt hashes of other systems, verified until the first success. Never made here.

use std::fmt;

use data_encoding::{Encoding, Specification};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::foreign_hash::{ForeignAlgorithm, ForeignHashError};

const MALFORMED: ForeignHashError = ForeignHashError::Malformed(ForeignAlgorithm::Bcrypt);
const COST: ForeignHashError = ForeignHashError::Cost(ForeignAlgorithm::Bcrypt);

const ALPHABET: &str = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A bcrypt hash. `$2a$`, `$2b$` and `$2y$` mean the same for the secrets that are accepted here; `$2x$` is the
/// mark of a faulty implementation and `$2$` that of one without NUL, neither of which is known.
#[derive(Clone)]
pub struct BcryptHash {
    version: char,
    cost: u8,
    salt: [u8; 16],
    hash: [u8; 23],
}

impl BcryptHash {
    pub(crate) const PREFIX: &'static str = "$2";

    /// The highest cost, a base 2 logarithm: 14 is about a second for one check.
    pub const MAX_COST: u8 = 14;
    const MIN_COST: u8 = 4;

    /// What bcrypt can read of a secret, in bytes.
    pub const MAX_SECRET_BYTES: usize = 72;

    /// Reads `$2b$12$` with 22 characters of salt and 31 of hash. The last character of the salt has four bits
    /// that mean nothing and that some implementations set.
    pub fn parse(text: &str) -> Result<Self, ForeignHashError> {
        let mut fields = text.split('$');
        let (Some(""), Some(version), Some(cost), Some(tail), None) =
            (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(MALFORMED);
        };
        let version = match version {
            "2a" => 'a',
            "2b" => 'b',
            "2y" => 'y',
            _ => return Err(MALFORMED),
        };
        let (Some((salt, hash)), 53) = (tail.split_at_checked(22), tail.len()) else {
            return Err(MALFORMED);
        };
        if cost.len() != 2 || !cost.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MALFORMED);
        }
        let cost: u8 = cost.parse().map_err(|_| MALFORMED)?;
        if !(Self::MIN_COST..=Self::MAX_COST).contains(&cost) {
            return Err(COST);
        }
        let encoding = encoding().ok_or(MALFORMED)?;
        let decoded = |field: &str| encoding.decode(field.as_bytes()).map_err(|_| MALFORMED);
        let salt = decoded(salt)?.try_into().map_err(|_| MALFORMED)?;
        let hash = decoded(hash)?.try_into().map_err(|_| MALFORMED)?;
        Ok(Self { version, cost, salt, hash })
    }

    /// Whether this is the secret, compared in constant time.
    ///
    /// What is longer than [`Self::MAX_SECRET_BYTES`] never matches: bcrypt would silently compare its beginning.
    /// Nor does what contains NUL: bcrypt repeats the secret and its closing NUL, so that `ab` and `ab\0ab` are
    /// the same to it.
    pub fn verify(&self, presented: &str) -> bool {
        if Self::MAX_SECRET_BYTES < presented.len() || presented.contains('\0') {
            return false;
        }
        let mut key = Zeroizing::new(Vec::with_capacity(Self::MAX_SECRET_BYTES + 1));
        key.extend_from_slice(presented.as_bytes());
        key.push(0);
        key.truncate(Self::MAX_SECRET_BYTES);
        let output = bcrypt::bcrypt(u32::from(self.cost), self.salt, &key);
        // The format leaves the last byte out.
        output.first_chunk::<23>().is_some_and(|hash| bool::from(hash.ct_eq(&self.hash)))
    }

    /// The text to store.
    pub fn to_text(&self) -> String {
        let encoded = |bytes: &[u8]| encoding().map(|encoding| encoding.encode(bytes)).unwrap_or_default();
        let (salt, hash) = (encoded(&self.salt), encoded(&self.hash));
        format!("$2{}${:02}${salt}{hash}", self.version, self.cost)
    }
}

/// In constant time.
impl PartialEq for BcryptHash {
    fn eq(&self, other: &Self) -> bool {
        bool::from(self.to_text().as_bytes().ct_eq(other.to_text().as_bytes()))
    }
}

impl Eq for BcryptHash {}

impl fmt::Debug for BcryptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BcryptHash").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// bcrypt's own base 64. `None` never happens: the alphabet is a valid one.
fn encoding() -> Option<Encoding> {
    let mut specification = Specification::new();
    specification.symbols.push_str(ALPHABET);
    specification.check_trailing_bits = false;
    specification.encoding().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made by libxcrypt, at the lowest cost.
    const HORSE: &str = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    const EMPTY: &str = "$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq";
    const SEVENTY_TWO: &str = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    const CYRILLIC: &str = "$2b$04$abcdefghijklmnopqrstuuEcURSwic20Q66XyIAO.9pxf2gB7Z9F.";

    #[test]
    fn hashes_of_another_implementation_verify_and_round_trip() {
        let x72 = "x".repeat(72);
        for (text, secret) in
            [(HORSE, "correct horse"), (EMPTY, ""), (SEVENTY_TWO, x72.as_str()), (CYRILLIC, "пароль")]
        {
            for version in ["$2a$", "$2b$", "$2y$"] {
                let text = text.replace("$2b$", version);
                let hash = BcryptHash::parse(&text).unwrap();
                assert!(hash.verify(secret), "{text}");
                assert!(!hash.verify("correct Horse"), "{text}");
                assert_eq!(hash.to_text(), text);
                assert_eq!(BcryptHash::parse(&text), Ok(hash));
            }
        }
    }

    #[test]
    fn what_bcrypt_would_cut_off_is_refused() {
        // To bcrypt itself, 73 characters are the same as the first 72.
        let hash = BcryptHash::parse(SEVENTY_TWO).unwrap();
        assert!(hash.verify(&"x".repeat(72)));
        for wrong in ["x".repeat(73), "x".repeat(71), format!("{}é", "x".repeat(71))] {
            assert!(!hash.verify(&wrong), "{wrong}");
        }
    }

    #[test]
    fn nul_is_refused() {
        let hash = BcryptHash::parse(HORSE).unwrap();
        // The repeated key of the second is that of the secret.
        for wrong in ["correct horse\0", "correct horse\0correct horse", "\0"] {
            assert!(!hash.verify(wrong), "{wrong:?}");
        }
        assert!(!BcryptHash::parse(EMPTY).unwrap().verify("\0"));
    }

    #[test]
    fn the_cost_is_bounded() {
        for (cost, expected) in
            [("04", true), ("14", true), ("15", false), ("31", false), ("99", false), ("03", false)]
        {
            let parsed = BcryptHash::parse(&HORSE.replace("$04$", &format!("${cost}$")));
            assert_eq!(parsed.is_ok(), expected, "{cost}");
            assert!(expected || parsed == Err(COST), "{cost}");
        }
    }

    #[test]
    fn meaningless_bits_of_the_salt_are_dropped() {
        let set = HORSE.replace("stuujyd", "stuvjyd");
        assert_ne!(set, HORSE);
        assert_eq!(BcryptHash::parse(&set).unwrap().to_text(), HORSE);
    }

    #[test]
    fn other_texts_are_refused() {
        for (from, to) in [
            ("$2b$", "$2x$"),
            ("$2b$", "$2$"),
            ("$2b$", "2b$"),
            ("$04$", "$4$"),
            ("$04$", "$+4$"),
            ("Qc6e", "Qc6"),
            ("Qc6e", "Qc6ee"),
            ("Qc6e", "Qc6="),
            ("Qc6e", "Qc6e$"),
            ("stuu", "stué"),
        ] {
            let text = HORSE.replace(from, to);
            assert_ne!(text, HORSE);
            assert_eq!(BcryptHash::parse(&text), Err(MALFORMED), "{text}");
        }
    }
}
