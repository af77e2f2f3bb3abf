//! Signatures by aws-lc: the hot path.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use turnkeep_domain::signing_key::SigningAlgorithm;

use crate::private_key::PrivateKey;
use crate::signer::{SignError, TokenSigner};

/// A parsed private key.
pub(crate) enum AwsLcSigner {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
    Ps256(RsaKeyPair),
}

impl AwsLcSigner {
    pub(crate) fn new(key: &PrivateKey) -> Result<Self, SignError> {
        let pkcs8 = key.pkcs8();
        let parsed = match key.algorithm() {
            SigningAlgorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Self::Es256)
            }
            // josekit writes the first version of PKCS #8, which has no public key to check against.
            SigningAlgorithm::EdDsa => Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map(Self::EdDsa),
            SigningAlgorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).map(Self::Rs256),
            SigningAlgorithm::Ps256 => RsaKeyPair::from_pkcs8(pkcs8).map(Self::Ps256),
        };
        parsed.map_err(|_| SignError::Key)
    }
}

impl TokenSigner for AwsLcSigner {
    fn algorithm(&self) -> SigningAlgorithm {
        match self {
            Self::Es256(_) => SigningAlgorithm::Es256,
            Self::EdDsa(_) => SigningAlgorithm::EdDsa,
            Self::Rs256(_) => SigningAlgorithm::Rs256,
            Self::Ps256(_) => SigningAlgorithm::Ps256,
        }
    }

    fn sign(&self, signing_input: &[u8], signature: &mut Vec<u8>) -> Result<(), SignError> {
        signature.clear();
        let made = match self {
            Self::Es256(key) => key.sign(&SystemRandom::new(), signing_input),
            Self::EdDsa(key) => key.try_sign(signing_input),
            Self::Rs256(key) => return sign_rsa(key, &RSA_PKCS1_SHA256, signing_input, signature),
            Self::Ps256(key) => return sign_rsa(key, &RSA_PSS_SHA256, signing_input, signature),
        };
        signature.extend_from_slice(made.map_err(|_| SignError::Failed)?.as_ref());
        Ok(())
    }
}

fn sign_rsa(
    key: &RsaKeyPair,
    encoding: &'static dyn RsaEncoding,
    signing_input: &[u8],
    signature: &mut Vec<u8>,
) -> Result<(), SignError> {
    signature.resize(key.public_modulus_len(), 0);
    key.sign(encoding, &SystemRandom::new(), signing_input, signature).map_err(|_| SignError::Failed)
}
