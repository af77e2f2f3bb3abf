//! AES-256-GCM as both kinds of sealing use it: the header of what is sealed is authenticated with its associated data.
//! That no key meets a nonce twice is for the callers to see to.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::sealing::SealError;

pub(crate) const NONCE_BYTES: usize = 12;
pub(crate) const TAG_BYTES: usize = 16;

/// What a text is bound to.
#[derive(Clone, Copy)]
pub(crate) struct Binding<'a> {
    /// The start of the sealed bytes. It has a fixed length for each kind, so that it and the associated data cannot be
    /// taken for others.
    pub(crate) header: &'a [u8],
    pub(crate) aad: &'a [u8],
}

impl Binding<'_> {
    fn to_aad(self) -> Aad<Vec<u8>> {
        Aad::from([self.header, self.aad].concat())
    }
}

/// The ciphertext with its tag.
pub(crate) fn encrypt(
    key: &[u8; 32],
    nonce: [u8; NONCE_BYTES],
    binding: Binding<'_>,
    plaintext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len() + TAG_BYTES));
    buffer.extend_from_slice(plaintext);
    sealing_key(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), binding.to_aad(), &mut *buffer)
        .map_err(|_| SealError::Failed)?;
    Ok(buffer)
}

/// The plaintext, if nothing was changed.
pub(crate) fn decrypt(
    key: &[u8; 32],
    nonce: [u8; NONCE_BYTES],
    binding: Binding<'_>,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let plaintext_bytes = sealing_key(key)?
        .open_in_place(Nonce::assume_unique_for_key(nonce), binding.to_aad(), &mut buffer)
        .map_err(|_| SealError::Corrupt)?
        .len();
    buffer.truncate(plaintext_bytes);
    Ok(buffer)
}

fn sealing_key(key: &[u8; 32]) -> Result<LessSafeKey, SealError> {
    let key = UnboundKey::new(&AES_256_GCM, key);
    key.map(LessSafeKey::new).map_err(|_| SealError::Failed)
}
