//! The master key: what everything at rest is protected with. It is kept outside of the database, and every use
//! derives a key of its own from it (RFC 5869).

use std::fmt;

use data_encoding::HEXLOWER;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::checked_text;
use crate::plaintext::PlaintextSecret;

const PREFIX: &str = "tkmk_";

/// Why master keys are refused. It names lines, never what is on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeyError {
    /// There is no key.
    #[error("there is no master key")]
    Empty,
    /// A line that is neither a key, nor a comment, nor blank.
    #[error("line {line} is not a master key: expected `tkmk_` and 59 characters with the right checksum")]
    Malformed {
        /// Counted from 1.
        line: usize,
    },
    /// The same key twice.
    #[error("line {line} repeats a master key")]
    Repeated {
        /// Counted from 1.
        line: usize,
    },
}

/// Names a master key beside what it protects. It is derived from the key and tells nothing about it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MasterKeyId([u8; 8]);

impl MasterKeyId {
    /// From its stored form.
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A key derived from a master key for one use. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct DerivedKey([u8; 32]);

impl DerivedKey {
    /// The key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DerivedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivedKey(…)")
    }
}

/// 256 bits from which the keys of all uses are derived. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// Makes a key of random bytes.
    pub fn generate(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The line to put into the file of master keys.
    pub fn to_text(&self) -> PlaintextSecret {
        PlaintextSecret::new(checked_text::encode(PREFIX, &self.0))
    }

    /// Names the key.
    pub fn id(&self) -> MasterKeyId {
        let mut id = [0; 8];
        self.expand("turnkeep master key id v1", &mut id);
        MasterKeyId(id)
    }

    /// The key for one use (HKDF-SHA-256 with the label as `info`). Labels are never reused for anything else.
    pub fn derive(&self, label: &'static str) -> DerivedKey {
        let mut key = Zeroizing::new([0; 32]);
        self.expand(label, key.as_mut_slice());
        DerivedKey(*key)
    }

    #[expect(clippy::expect_used, reason = "a key of zeros would be worse; HKDF fails above 8160 bytes only")]
    fn expand(&self, label: &'static str, output: &mut [u8]) {
        let derived = Hkdf::<Sha256>::new(None, &self.0).expand(label.as_bytes(), output);
        derived.expect("at most 32 bytes are asked for");
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The master key in use, and those that older records may still need.
#[derive(Debug)]
pub struct MasterKeys {
    current: (MasterKeyId, MasterKey),
    previous: Vec<(MasterKeyId, MasterKey)>,
}

impl MasterKeys {
    /// A single key.
    pub fn single(key: MasterKey) -> Self {
        Self { current: (key.id(), key), previous: Vec::new() }
    }

    /// Reads one key per line, the current one first. Blank lines and lines that start with `#` do not count.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let mut keys: Vec<(MasterKeyId, MasterKey)> = Vec::new();
        for (index, content) in text.lines().map(str::trim).enumerate() {
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let line = index + 1;
            let bytes = checked_text::decode(PREFIX, content).ok_or(MasterKeyError::Malformed { line })?;
            let key = MasterKey(*bytes);
            let id = key.id();
            if keys.iter().any(|(known, _)| *known == id) {
                return Err(MasterKeyError::Repeated { line });
            }
            keys.push((id, key));
        }
        let mut keys = keys.into_iter();
        let current = keys.next().ok_or(MasterKeyError::Empty)?;
        Ok(Self { current, previous: keys.collect() })
    }

    /// The key that protects what is written now.
    pub fn current(&self) -> &MasterKey {
        &self.current.1
    }

    /// The name of the current key.
    pub fn current_id(&self) -> MasterKeyId {
        self.current.0
    }

    /// The key of that name.
    pub fn find(&self, id: MasterKeyId) -> Option<&MasterKey> {
        self.iter().find(|(known, _)| *known == id).map(|(_, key)| key)
    }

    /// All keys with their names, the current one first.
    pub fn iter(&self) -> impl Iterator<Item = (MasterKeyId, &MasterKey)> {
        std::iter::once(&self.current).chain(&self.previous).map(|(id, key)| (*id, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(byte: u8) -> String {
        MasterKey::generate([byte; 32]).to_text().expose().to_owned()
    }

    #[test]
    fn derivation_is_pinned() {
        // Keys on disk depend on these values. The expected ones were computed with another implementation.
        let key = MasterKey::generate([0x0b; 32]);
        assert_eq!(
            HEXLOWER.encode(key.derive("turnkeep derivation test").as_bytes()),
            "3f48a3bb0b18b21991691a85a3ea82197d01706842898cf71108d261bc5ef53d"
        );
        assert_eq!(key.id().to_string(), "b84325456b0cf89f");
        assert_ne!(key.derive("a").as_bytes(), key.derive("b").as_bytes());
    }

    #[test]
    fn hkdf_is_that_of_rfc_5869_appendix_a_3() {
        let mut output = [0; 42];
        Hkdf::<Sha256>::new(Some(&[]), &[0x0b; 22]).expand(&[], &mut output).unwrap();
        assert_eq!(
            HEXLOWER.encode(&output),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        );
    }

    #[test]
    fn the_first_line_is_current_and_the_others_are_found() {
        let file = format!("# made in 2026\n\n  {}\r\n#\n{}\n", text(1), text(2));
        let keys = MasterKeys::parse(&file).unwrap();
        let [first, second] = [[1; 32], [2; 32]].map(|bytes| MasterKey::generate(bytes).id());
        assert_eq!(keys.current_id(), first);
        assert_eq!(keys.current().id(), first);
        assert_eq!(keys.find(second).map(MasterKey::id), Some(second));
        assert!(keys.find(MasterKeyId::from_bytes([0; 8])).is_none());
        assert_eq!(keys.iter().map(|(id, _)| id).collect::<Vec<_>>(), [first, second]);
    }

    #[test]
    fn refusals_name_the_line() {
        let broken = text(1).replace("tkmk_", "tkcs_");
        for (file, expected) in [
            (String::new(), MasterKeyError::Empty),
            ("# nothing\n\n".to_owned(), MasterKeyError::Empty),
            (format!("\n{broken}"), MasterKeyError::Malformed { line: 2 }),
            (format!("{}\n{} {}", text(1), text(2), text(3)), MasterKeyError::Malformed { line: 2 }),
            (format!("{}\n{}\n\n{}", text(1), text(2), text(1)), MasterKeyError::Repeated { line: 4 }),
        ] {
            assert_eq!(MasterKeys::parse(&file).err(), Some(expected));
        }
    }
}
