//! How secrets are stored: by a slow hash, and by a keyed MAC for the quick check.

use std::sync::Arc;

use turnkeep_secret::digest::SecretDigest;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::failure::Fault;

/// Makes the stored form of a secret, within the bound on hashing.
pub(crate) fn make_digest(
    authority: &Authority,
    secret: &PlaintextSecret,
    owner: &[u8; 16],
) -> Result<SecretDigest, Fault> {
    let params = authority.settings.client_secret_scrypt;
    let salt = authority.random_bytes();
    let (mac_keys, secret, owner) = (Arc::clone(&authority.mac_keys), secret.clone(), *owner);
    let made = authority.hashing.run(move || SecretDigest::make(&secret, &owner, &mac_keys, params, salt))?;
    Ok(made?)
}
