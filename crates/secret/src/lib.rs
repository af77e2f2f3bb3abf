//! What proves that somebody is who they say: generated secrets, their stored forms, and the keys derived from
//! the master key.
//!
//! Nothing in this crate performs IO, reads a clock or draws randomness: random bytes come in as arguments or
//! through [`random::RandomSource`]. No type here prints what it holds.
#![forbid(unsafe_code)]

pub mod plaintext;
pub mod random;

mod checked_text;
pub mod generated;
pub mod master_key;

pub mod code_challenge;
pub mod derived_mac;
pub mod digest;
pub mod mac;
mod phc_text;
pub mod scrypt_hash;

pub mod argon2_hash;
pub mod bcrypt_hash;
pub mod foreign_hash;
mod import;
pub mod pbkdf2_hash;
mod scrypt_import;
