//! The private part of a signing key. In memory it is wiped when dropped; in the database it is sealed.

use std::fmt;

use josekit::JoseError;
use josekit::jwk::KeyPair;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::ed::{EdCurve, EdKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use openssl::pkey::PKey;
use turnkeep_domain::id::{InstanceId, SigningKeyId};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_secret::random::RandomSource;
use zeroize::Zeroizing;

use crate::public_jwk::PublicJwk;
use crate::sealing::{SealError, SealedBytes, SealingPurpose, associated_data, open, seal};

const RSA_BITS: u32 = 2048;

/// Why a private key cannot be made or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// It cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What was opened is not a private key of a known algorithm.
    #[error("not a private key of a supported algorithm")]
    Malformed,
    /// The cryptographic library failed.
    #[error("making a key failed")]
    Generation,
}

/// A private key with the one algorithm it may be used with (RFC 8725 §3.1).
pub struct PrivateKey {
    algorithm: SigningAlgorithm,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl PrivateKey {
    /// Makes a key: P-256, Ed25519 or RSA with 2048 bits. RSA takes a good part of a second.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Self, PrivateKeyError> {
        let der = match algorithm {
            SigningAlgorithm::Es256 => EcKeyPair::generate(EcCurve::P256).map(|key| key.to_der_private_key()),
            SigningAlgorithm::EdDsa => {
                EdKeyPair::generate(EdCurve::Ed25519).map(|key| key.to_der_private_key())
            }
            SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256 => {
                RsaKeyPair::generate(RSA_BITS).map(|key| key.to_der_private_key())
            }
        };
        let der = Zeroizing::new(der.map_err(|_| PrivateKeyError::Generation)?);
        // josekit writes EC and RSA keys in the forms of RFC 5915 and RFC 8017, which aws-lc does not want.
        let pkcs8 = PKey::private_key_from_der(&der)
            .and_then(|key| key.private_key_to_pkcs8())
            .map_err(|_| PrivateKeyError::Generation)?;
        Ok(Self { algorithm, pkcs8: Zeroizing::new(pkcs8) })
    }

    /// What it signs with.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The key as a PKCS #8 `PrivateKeyInfo` (RFC 5208 §5).
    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Encrypts the key for the database; it opens for this instance and key id only. The algorithm is sealed
    /// with it, so that nobody can make one key sign with another algorithm by changing a row.
    pub fn seal(
        &self,
        keys: &MasterKeys,
        random: &dyn RandomSource,
        instance_id: InstanceId,
        key_id: SigningKeyId,
    ) -> Result<SealedBytes, SealError> {
        let mut plaintext = Zeroizing::new(Vec::with_capacity(self.pkcs8.len() + 8));
        plaintext.extend_from_slice(self.algorithm.as_str().as_bytes());
        plaintext.push(0);
        plaintext.extend_from_slice(&self.pkcs8);
        let aad = associated_data(SealingPurpose::SigningKey, instance_id, key_id.as_bytes());
        seal(keys, random, &aad, &plaintext)
    }

    /// Decrypts a key that was sealed for this instance and key id.
    pub fn open(
        keys: &MasterKeys,
        instance_id: InstanceId,
        key_id: SigningKeyId,
        sealed: &SealedBytes,
    ) -> Result<Self, PrivateKeyError> {
        let aad = associated_data(SealingPurpose::SigningKey, instance_id, key_id.as_bytes());
        let plaintext = open(keys, &aad, sealed)?;
        let mut parts = plaintext.splitn(2, |byte| *byte == 0);
        let (Some(name), Some(pkcs8)) = (parts.next(), parts.next()) else {
            return Err(PrivateKeyError::Malformed);
        };
        let name = std::str::from_utf8(name).map_err(|_| PrivateKeyError::Malformed)?;
        let algorithm = name.parse().map_err(|_| PrivateKeyError::Malformed)?;
        Ok(Self { algorithm, pkcs8: Zeroizing::new(pkcs8.to_vec()) })
    }

    /// The public part, for the key set.
    pub fn public_jwk(&self, key_id: SigningKeyId) -> Result<PublicJwk, PrivateKeyError> {
        let jwk = self.public_part().map_err(|_| PrivateKeyError::Malformed)?;
        PublicJwk::of(self.algorithm, key_id, &jwk).ok_or(PrivateKeyError::Malformed)
    }

    fn public_part(&self) -> Result<josekit::jwk::Jwk, JoseError> {
        Ok(match self.algorithm {
            SigningAlgorithm::Es256 => {
                EcKeyPair::from_der(self.pkcs8(), Some(EcCurve::P256))?.to_jwk_public_key()
            }
            SigningAlgorithm::EdDsa => EdKeyPair::from_der(self.pkcs8())?.to_jwk_public_key(),
            SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256 => {
                RsaKeyPair::from_der(self.pkcs8())?.to_jwk_public_key()
            }
        })
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_secret::master_key::MasterKey;

    use super::*;

    struct Zeros;

    impl RandomSource for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn keys_survive_their_storage_and_open_in_their_own_row_only() {
        let master_keys = MasterKeys::single(MasterKey::generate([1; 32]));
        let instance = InstanceId::from_bytes([1; 16]);
        let [id, other_id] = [[2; 16], [3; 16]].map(SigningKeyId::from_bytes);
        for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::EdDsa, SigningAlgorithm::Ps256] {
            let key = PrivateKey::generate(algorithm).unwrap();
            let sealed = key.seal(&master_keys, &Zeros, instance, id).unwrap();
            let opened = PrivateKey::open(&master_keys, instance, id, &sealed).unwrap();
            assert_eq!(opened.algorithm(), algorithm);
            assert_eq!(opened.pkcs8(), key.pkcs8());
            assert_eq!(opened.public_jwk(id), key.public_jwk(id));
            assert_eq!(
                PrivateKey::open(&master_keys, instance, other_id, &sealed).err(),
                Some(PrivateKeyError::Seal(SealError::Corrupt))
            );
            assert_eq!(
                PrivateKey::open(&master_keys, InstanceId::from_bytes([9; 16]), id, &sealed).err(),
                Some(PrivateKeyError::Seal(SealError::Corrupt))
            );
        }
    }

    #[test]
    fn sealed_data_that_is_no_key_is_told_from_corruption() {
        let master_keys = MasterKeys::single(MasterKey::generate([1; 32]));
        let (instance, id) = (InstanceId::from_bytes([1; 16]), SigningKeyId::from_bytes([2; 16]));
        let aad = associated_data(SealingPurpose::SigningKey, instance, id.as_bytes());
        for plaintext in [b"".as_slice(), b"ES256", b"none\0x", b"\xff\0x"] {
            let sealed = seal(&master_keys, &Zeros, &aad, plaintext).unwrap();
            let opened = PrivateKey::open(&master_keys, instance, id, &sealed);
            assert_eq!(opened.err(), Some(PrivateKeyError::Malformed));
        }
    }

    #[test]
    fn a_private_key_does_not_print() {
        let key = PrivateKey::generate(SigningAlgorithm::EdDsa).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey { algorithm: EdDsa, .. }");
    }
}
