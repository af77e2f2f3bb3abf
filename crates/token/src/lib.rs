//! Access tokens (RFC 9068), ID tokens and logout tokens: their claims, the keys that sign them, the rotation of those
//! keys and their protection at rest.
//!
//! The only crate that knows josekit. Times and random bytes come in as arguments; what signatures and new keys
//! need of randomness, the cryptographic libraries draw themselves.
#![forbid(unsafe_code)]

mod aes_gcm;
pub mod sealing;
pub mod state_sealing;

pub mod private_key;
pub mod public_jwk;

mod aws_lc_signer;
mod josekit_signer;
pub mod signer;

pub mod access_token;
pub mod claims;
pub mod id_token;
pub mod kill_marks;
pub mod logout_token;

pub mod jwks;
pub mod rotation;
