//! Recognising hashes that come from elsewhere. Nothing is guessed to be a secret in the clear.

use crate::digest::{SecretRecord, SecretRecordError};
use crate::foreign_hash::ForeignHash;
use crate::scrypt_hash::ScryptHash;
use crate::scrypt_import;

impl SecretRecord {
    /// Reads a hash in any accepted spelling: `$scrypt$…`, `$argon2id$…`, `$2b$…`, `$pbkdf2-sha256$…` and their
    /// kin, seed 002's SHA-256 in base 64 or hexadecimal, and what [`Self::to_text`] writes.
    ///
    /// Refuses parameters that would cost too much at every check, more strictly than [`Self::parse`], which also
    /// reads what an operator chose for this server.
    pub fn import(text: &str) -> Result<Self, SecretRecordError> {
        if text.starts_with(ScryptHash::PREFIX) {
            return Ok(Self::Scrypt(scrypt_import::parse(text)?));
        }
        if let Some(hash) = ForeignHash::parse(text) {
            return Ok(Self::Foreign(hash?));
        }
        if text.starts_with(Self::SHA256_PREFIX) {
            return Self::parse(text);
        }
        if text.starts_with('$') {
            return Err(SecretRecordError::UnknownForm);
        }
        Self::import_sha256(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign_hash::{ForeignAlgorithm, ForeignHashError};
    use crate::scrypt_hash::ScryptError;

    const HASHES: [&str; 8] = [
        "$scrypt$ln=1024,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8",
        "$argon2id$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Sh1LF6dsajp2YjljvL/T0Tk68lSWQP232iGGbb+Qa5Y",
        "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
        "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM",
        "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2H/.w$mObwab1pPx.UWHHAotL.4UW0ZTNiT8t6SPG8AQkZmqc",
        "sha256:c3a9f8ad29a8df2fa8ab96f2fb3d5ff46c9b5be5e9b58ee3bcd2ac42fd2ba6b3",
        "C3A9F8AD29A8DF2FA8AB96F2FB3D5FF46C9B5BE5E9B58EE3BCD2AC42FD2BA6B3",
        "w6n4rSmo3y+oq5by+z1f9GybW+XptY7jvNKsQv0rprM=",
    ];

    #[test]
    fn every_accepted_spelling_is_recognised_and_stored() {
        for text in HASHES {
            let record = SecretRecord::import(text).unwrap();
            assert!(!record.verify("correct horsf"), "{text}");
            let stored = record.to_text();
            assert_eq!(SecretRecord::parse(&stored).as_ref(), Ok(&record), "{text}");
            assert_eq!(SecretRecord::import(&stored).as_ref(), Ok(&record), "{text}");
        }
    }

    #[test]
    fn records_are_equal_only_to_themselves() {
        for (one_index, one) in HASHES.iter().enumerate().take(6) {
            for (two_index, two) in HASHES.iter().enumerate().take(6) {
                let [one, two] = [one, two].map(|text| SecretRecord::import(text).unwrap());
                assert_eq!(one == two, one_index == two_index, "{one_index} {two_index}");
            }
        }
    }

    #[test]
    fn refusals_say_what_kind_of_hash_it_is_and_nothing_of_it() {
        let cost = |algorithm| SecretRecordError::Foreign(ForeignHashError::Cost(algorithm));
        let malformed = |algorithm| SecretRecordError::Foreign(ForeignHashError::Malformed(algorithm));
        for (text, expected) in [
            ("canary-9fK2", SecretRecordError::Sha256),
            ("", SecretRecordError::Sha256),
            ("sha256:canary-9fK2", SecretRecordError::Sha256),
            ("$1$canary-9fK2$x", SecretRecordError::UnknownForm),
            ("$6$canary-9fK2$x", SecretRecordError::UnknownForm),
            ("$scrypt$ln=30,r=8,p=1$canary9fK2ca$x", cost(ForeignAlgorithm::Scrypt)),
            ("$scrypt$canary-9fK2", malformed(ForeignAlgorithm::Scrypt)),
            ("$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", cost(ForeignAlgorithm::Bcrypt)),
            ("$2b$canary-9fK2", malformed(ForeignAlgorithm::Bcrypt)),
            ("$argon2id$v=19$canary-9fK2", malformed(ForeignAlgorithm::Argon2)),
            ("$pbkdf2-sha1$canary-9fK2", malformed(ForeignAlgorithm::Pbkdf2)),
        ] {
            let error = SecretRecord::import(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        }
        assert_eq!(
            SecretRecord::parse("$scrypt$canary-9fK2"),
            Err(SecretRecordError::Scrypt(ScryptError::Malformed))
        );
    }

    #[test]
    fn nothing_prints_what_it_holds() {
        for text in HASHES {
            let record = SecretRecord::import(text).unwrap();
            let printed = format!("{record:?}");
            let stored = record.to_text();
            let (_, tail) = stored.split_at(stored.len() - 12);
            assert!(!printed.contains(tail), "{printed}");
        }
    }
}
