//! The stored form of a client secret: a record that stands on its own, and a MAC that makes checks fast.
//!
//! A SHA-256 hash (seed 002) or that of another system is accepted on import only. The service replaces it by
//! scrypt and a MAC at the first successful use, since only then the secret is known. Passwords have no MAC: their
//! record decides alone.

use std::fmt;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::derived_mac::{KeyedMac, MacCheck};
use crate::foreign_hash::{ForeignHash, ForeignHashError};
use crate::mac::MacKeys;
use crate::plaintext::PlaintextSecret;
use crate::scrypt_hash::{ScryptError, ScryptHash, ScryptParams};

/// Why a text is not a record of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretRecordError {
    /// None of the known forms.
    #[error("not a hash of a known kind: expected scrypt, argon2, bcrypt, PBKDF2 or SHA-256")]
    UnknownForm,
    /// A hash of another system that cannot be used.
    #[error(transparent)]
    Foreign(#[from] ForeignHashError),
    /// A scrypt hash that cannot be used.
    #[error(transparent)]
    Scrypt(#[from] ScryptError),
    /// Not 32 bytes in base 64 or hexadecimal.
    #[error("not a SHA-256 hash in base 64 or hexadecimal")]
    Sha256,
}

/// What proves a secret without any key.
#[derive(Clone)]
pub enum SecretRecord {
    /// The form of everything that this server makes.
    Scrypt(ScryptHash),
    /// A SHA-256 hash from another system, until its first use.
    ImportedSha256([u8; 32]),
    /// A slow hash from another system, until its first use.
    Foreign(ForeignHash),
}

impl SecretRecord {
    pub(crate) const SHA256_PREFIX: &'static str = "sha256:";

    /// Accepts the hash as seed 002 exports it: base 64 (either alphabet, padded or not) or hexadecimal.
    pub fn import_sha256(text: &str) -> Result<Self, SecretRecordError> {
        let encoded = text.as_bytes();
        let url_safe = text.contains(['-', '_']);
        let decoded = match (encoded.len(), url_safe) {
            (64, _) => HEXLOWER_PERMISSIVE.decode(encoded),
            (44, false) => BASE64.decode(encoded),
            (43, false) => BASE64_NOPAD.decode(encoded),
            (44, true) => BASE64URL.decode(encoded),
            (43, true) => BASE64URL_NOPAD.decode(encoded),
            (_, _) => return Err(SecretRecordError::Sha256),
        };
        let bytes = decoded.map_err(|_| SecretRecordError::Sha256)?;
        bytes.try_into().map(Self::ImportedSha256).map_err(|_| SecretRecordError::Sha256)
    }

    /// Reads the stored text.
    pub fn parse(text: &str) -> Result<Self, SecretRecordError> {
        if text.starts_with("$scrypt$") {
            return Ok(Self::Scrypt(ScryptHash::parse(text)?));
        }
        if let Some(hash) = ForeignHash::parse(text) {
            return Ok(Self::Foreign(hash?));
        }
        let digits = text.strip_prefix(Self::SHA256_PREFIX).ok_or(SecretRecordError::UnknownForm)?;
        let bytes = HEXLOWER.decode(digits.as_bytes()).map_err(|_| SecretRecordError::Sha256)?;
        bytes.try_into().map(Self::ImportedSha256).map_err(|_| SecretRecordError::Sha256)
    }

    /// The text to store.
    pub fn to_text(&self) -> String {
        match self {
            Self::Scrypt(hash) => hash.as_str().to_owned(),
            Self::ImportedSha256(hash) => format!("{}{}", Self::SHA256_PREFIX, HEXLOWER.encode(hash)),
            Self::Foreign(hash) => hash.to_text(),
        }
    }

    /// Whether this is what [`SecretDigest::make`] would make with these parameters, but for the salt. Anything else
    /// should be replaced as soon as the secret is known.
    pub fn is_current(&self, params: ScryptParams) -> bool {
        match self {
            Self::Scrypt(hash) => hash.params() == params,
            Self::ImportedSha256(_) | Self::Foreign(_) => false,
        }
    }

    /// Whether this is the secret, compared in constant time. For scrypt it takes tens of milliseconds, for a
    /// foreign hash up to about a second.
    pub fn verify(&self, presented: &str) -> bool {
        match self {
            Self::Scrypt(hash) => hash.verify(presented),
            Self::ImportedSha256(hash) => {
                let presented: [u8; 32] = Sha256::digest(presented.as_bytes()).into();
                bool::from(presented.ct_eq(hash))
            }
            Self::Foreign(hash) => hash.verify(presented),
        }
    }
}

/// In constant time.
impl PartialEq for SecretRecord {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Scrypt(one), Self::Scrypt(two)) => one == two,
            (Self::ImportedSha256(one), Self::ImportedSha256(two)) => bool::from(one.ct_eq(two)),
            (Self::Foreign(one), Self::Foreign(two)) => one == two,
            (Self::Scrypt(_) | Self::ImportedSha256(_) | Self::Foreign(_), _) => false,
        }
    }
}

impl Eq for SecretRecord {}

impl fmt::Debug for SecretRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scrypt(hash) => f.debug_tuple("Scrypt").field(hash).finish(),
            Self::ImportedSha256(_) => f.write_str("ImportedSha256(…)"),
            Self::Foreign(hash) => f.debug_tuple("Foreign").field(hash).finish(),
        }
    }
}

/// All that is stored of a client secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretDigest {
    /// What decides when the MAC cannot.
    pub record: SecretRecord,
    /// The fast check; an imported hash has none.
    pub mac: Option<KeyedMac>,
}

impl SecretDigest {
    /// Makes the stored form of a secret. `owner` is the id of the app; the salt is random. It takes tens of
    /// milliseconds.
    pub fn make(
        secret: &PlaintextSecret,
        owner: &[u8; 16],
        mac_keys: &MacKeys,
        params: ScryptParams,
        salt: [u8; 16],
    ) -> Result<Self, ScryptError> {
        let record = SecretRecord::Scrypt(ScryptHash::make(secret.expose(), params, salt)?);
        Ok(Self { record, mac: Some(mac_keys.tag(owner, secret.expose())) })
    }
}

/// What can be said about a presented secret within a microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuickCheck {
    /// It is the secret.
    Match {
        /// The digest should be made again, as the MAC is that of a previous master key.
        stale: bool,
    },
    /// It is not.
    Mismatch,
    /// There is no MAC (an import) or its key is gone: [`SecretRecord::verify`] has to decide.
    NeedsRecord,
}

/// Decides by the MAC, if there is one that can be read.
pub fn quick_check(
    presented: &str,
    owner: &[u8; 16],
    digest: &SecretDigest,
    mac_keys: &MacKeys,
) -> QuickCheck {
    match digest.mac.as_ref().map(|mac| mac_keys.check(owner, presented, mac)) {
        Some(MacCheck::Match) => QuickCheck::Match { stale: false },
        Some(MacCheck::MatchUnderPreviousKey) => QuickCheck::Match { stale: true },
        Some(MacCheck::Mismatch) => QuickCheck::Mismatch,
        Some(MacCheck::UnknownKey) | None => QuickCheck::NeedsRecord,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::master_key::{MasterKey, MasterKeys};

    const OWNER: [u8; 16] = [7; 16];

    fn mac_keys(bytes: &[u8]) -> MacKeys {
        let lines: Vec<String> =
            bytes.iter().map(|byte| MasterKey::generate([*byte; 32]).to_text().expose().to_owned()).collect();
        MacKeys::new(&MasterKeys::parse(&lines.join("\n")).unwrap())
    }

    fn digest(secret: &str, keys: &MacKeys) -> SecretDigest {
        let params = ScryptParams::new(4, 8, 1).unwrap();
        SecretDigest::make(&PlaintextSecret::new(secret.to_owned()), &OWNER, keys, params, [3; 16]).unwrap()
    }

    #[test]
    fn sha_256_is_imported_in_every_spelling_of_seed_002() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for text in [
            hex,
            "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0",
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=",
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
        ] {
            let record = SecretRecord::import_sha256(text).unwrap();
            assert!(record.verify("abc"), "{text}");
            assert!(!record.verify("abc\n"), "{text}");
            assert_eq!(record.to_text(), format!("sha256:{hex}"));
            assert_eq!(SecretRecord::parse(&record.to_text()), Ok(record));
        }
    }

    #[test]
    fn malformed_records_are_refused() {
        for text in
            ["", "abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=", &"g".repeat(64), &"ä".repeat(32)]
        {
            assert_eq!(SecretRecord::import_sha256(text).err(), Some(SecretRecordError::Sha256), "{text}");
        }
        assert_eq!(SecretRecord::parse("plain"), Err(SecretRecordError::UnknownForm));
        assert_eq!(SecretRecord::parse("sha256:00"), Err(SecretRecordError::Sha256));
        assert_eq!(
            SecretRecord::parse("$scrypt$ln=63,r=8,p=1$x$y"),
            Err(SecretRecordError::Scrypt(ScryptError::Parameters))
        );
    }

    #[test]
    fn only_what_this_server_would_make_is_current() {
        let params = ScryptParams::new(4, 8, 1).unwrap();
        let made = digest("secret", &mac_keys(&[1])).record;
        assert!(made.is_current(params));
        assert!(!made.is_current(ScryptParams::CLIENT_SECRET));
        assert!(!SecretRecord::ImportedSha256([1; 32]).is_current(params));
        let foreign = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
        assert!(!SecretRecord::import(foreign).unwrap().is_current(params));
    }

    #[test]
    fn a_made_digest_is_checked_by_both_ways() {
        let keys = mac_keys(&[1]);
        let digest = digest("secret", &keys);
        assert!(digest.record.verify("secret"));
        assert!(!digest.record.verify("secreT"));
        assert_eq!(quick_check("secret", &OWNER, &digest, &keys), QuickCheck::Match { stale: false });
        assert_eq!(quick_check("secreT", &OWNER, &digest, &keys), QuickCheck::Mismatch);
        assert_eq!(quick_check("secret", &[8; 16], &digest, &keys), QuickCheck::Mismatch);
    }

    #[test]
    fn the_record_decides_only_without_a_readable_mac() {
        let made = digest("secret", &mac_keys(&[1]));
        let imported = SecretDigest { record: made.record.clone(), mac: None };
        let check = |digest, keys: &[u8]| quick_check("secret", &OWNER, digest, &mac_keys(keys));
        assert_eq!(check(&made, &[2, 1]), QuickCheck::Match { stale: true });
        assert_eq!(check(&made, &[2]), QuickCheck::NeedsRecord);
        assert_eq!(check(&imported, &[1]), QuickCheck::NeedsRecord);
    }

    #[test]
    fn secrets_are_exact() {
        let keys = mac_keys(&[1]);
        for (secret, other) in [("a\0b", "a"), ("007", "7"), ("é", "e\u{301}"), ("x", "x "), ("", "\0")] {
            let made = digest(secret, &keys);
            let hash = HEXLOWER.encode(&Sha256::digest(secret.as_bytes()));
            let imported = SecretRecord::import_sha256(&hash).unwrap();
            assert_eq!(quick_check(other, &OWNER, &made, &keys), QuickCheck::Mismatch, "{other:?}");
            assert!(imported.verify(secret) && !imported.verify(other), "{secret:?} is not {other:?}");
        }
    }

    #[test]
    fn nothing_prints_what_it_holds() {
        let keys = mac_keys(&[0xc5]);
        let canary = "canary-9fK2";
        let secret = PlaintextSecret::new(canary.to_owned());
        let master_keys = MasterKeys::single(MasterKey::generate([0xc5; 32]));
        let made = digest(canary, &keys);
        let imported = SecretRecord::ImportedSha256([0xc5; 32]);
        let derived = master_keys.current().derive("x");
        let too_long = PlaintextSecret::presented(canary.repeat(100)).unwrap_err();
        let printed = format!(
            "{secret:?} {master_keys:?} {made:?} {imported:?} {derived:?} {keys:?} {too_long:?} {too_long} \
             {:?} {} {:?}",
            SecretRecord::parse(canary).unwrap_err(),
            SecretRecord::import_sha256(canary).unwrap_err(),
            MasterKeys::parse(canary).unwrap_err(),
        );
        let SecretRecord::Scrypt(hash) = &made.record else { unreachable!("made as scrypt") };
        let tag = made.mac.as_ref().unwrap().tag();
        let (_, scrypt_output) = hash.as_str().rsplit_once('$').unwrap();
        for needle in [
            canary.to_owned(),
            scrypt_output.to_owned(),
            HEXLOWER.encode(&tag[..4]),
            format!("{}, {}", tag[0], tag[1]),
            "197, 197".to_owned(),
            "c5c5".to_owned(),
            master_keys.current().to_text().expose().to_owned(),
        ] {
            assert!(!printed.contains(&needle), "{needle} in {printed}");
        }
    }
}
