//! Signatures by josekit: the reference that the hot path is tested against.

use josekit::JoseError;
use josekit::jwk::KeyPair;
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::{ES256, EdDSA, JwsSigner, PS256, RS256};
use turnkeep_domain::signing_key::SigningAlgorithm;

use crate::private_key::PrivateKey;
use crate::signer::{SignError, TokenSigner};

/// A parsed private key.
pub(crate) struct JosekitSigner {
    algorithm: SigningAlgorithm,
    signer: Box<dyn JwsSigner>,
}

impl JosekitSigner {
    pub(crate) fn new(key: &PrivateKey) -> Result<Self, SignError> {
        let signer = parse(key).map_err(|_| SignError::Key)?;
        Ok(Self { algorithm: key.algorithm(), signer })
    }
}

fn parse(key: &PrivateKey) -> Result<Box<dyn JwsSigner>, JoseError> {
    let pkcs8 = key.pkcs8();
    Ok(match key.algorithm() {
        SigningAlgorithm::Es256 => Box::new(ES256.signer_from_der(pkcs8)?),
        SigningAlgorithm::EdDsa => Box::new(EdDSA.signer_from_der(pkcs8)?),
        SigningAlgorithm::Rs256 => Box::new(RS256.signer_from_der(pkcs8)?),
        // Its DER reader wants the RSASSA-PSS object identifier; ours is a plain RSA key, which aws-lc wants.
        SigningAlgorithm::Ps256 => {
            Box::new(PS256.signer_from_jwk(&RsaKeyPair::from_der(pkcs8)?.to_jwk_private_key())?)
        }
    })
}

impl TokenSigner for JosekitSigner {
    fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    fn sign(&self, signing_input: &[u8], signature: &mut Vec<u8>) -> Result<(), SignError> {
        *signature = self.signer.sign(signing_input).map_err(|_| SignError::Failed)?;
        Ok(())
    }
}
