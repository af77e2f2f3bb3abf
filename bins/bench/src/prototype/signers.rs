//! The prototype's own keys, made at its start.

use turnkeep_domain::id::SigningKeyId;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_secret::random::random_bytes;
use turnkeep_service::clock::Clock;
use turnkeep_token::access_token::ActiveSigner;
use turnkeep_token::private_key::PrivateKey;
use turnkeep_token::signer::{SignError, TokenSigner};

use super::Lane;
use turnkeep_embed::system::{SystemClock, SystemRandom};

/// One signer for each lane.
pub(super) struct Signers {
    unsigned: ActiveSigner,
    es256: ActiveSigner,
    eddsa: ActiveSigner,
    rs256: ActiveSigner,
}

impl Signers {
    /// Makes a key for each algorithm.
    pub(super) fn generate() -> anyhow::Result<Self> {
        Ok(Self {
            unsigned: ActiveSigner::with_signer(new_id(), Box::new(NoSignature)),
            es256: new_signer(SigningAlgorithm::Es256)?,
            eddsa: new_signer(SigningAlgorithm::EdDsa)?,
            rs256: new_signer(SigningAlgorithm::Rs256)?,
        })
    }

    /// The signer of a lane.
    pub(super) fn of(&self, lane: Lane) -> &ActiveSigner {
        match lane {
            Lane::Unsigned => &self.unsigned,
            Lane::Signed(SigningAlgorithm::Es256) => &self.es256,
            Lane::Signed(SigningAlgorithm::EdDsa) => &self.eddsa,
            Lane::Signed(SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256) => &self.rs256,
        }
    }
}

fn new_signer(algorithm: SigningAlgorithm) -> anyhow::Result<ActiveSigner> {
    Ok(ActiveSigner::new(new_id(), &PrivateKey::generate(algorithm)?)?)
}

fn new_id() -> SigningKeyId {
    SigningKeyId::new(SystemClock.now(), random_bytes(&SystemRandom))
}

/// Costs nothing and has the length of an elliptic signature.
struct NoSignature;

impl TokenSigner for NoSignature {
    fn algorithm(&self) -> SigningAlgorithm {
        SigningAlgorithm::Es256
    }

    fn sign(&self, _signing_input: &[u8], signature: &mut Vec<u8>) -> Result<(), SignError> {
        signature.clear();
        signature.resize(64, 0);
        Ok(())
    }
}
