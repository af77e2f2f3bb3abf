//! Handles that people hold: made here, stored as a hash only.

use sha2::{Digest, Sha256};
use turnkeep_secret::generated::{SecretKind, generate};
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;

/// A new handle and what is stored of it.
pub(crate) struct NewHandle {
    pub(crate) plaintext: PlaintextSecret,
    pub(crate) hash: [u8; 32],
}

/// Makes a handle of 256 random bits. A plain hash of so much randomness cannot be guessed.
pub(crate) fn make_handle(authority: &Authority, kind: SecretKind) -> NewHandle {
    let plaintext = generate(kind, authority.random_bytes());
    let hash = handle_hash(plaintext.expose());
    NewHandle { plaintext, hash }
}

/// What is stored of a handle.
pub(crate) fn handle_hash(handle: &str) -> [u8; 32] {
    Sha256::digest(handle.as_bytes()).into()
}
