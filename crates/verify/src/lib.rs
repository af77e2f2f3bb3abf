//! Verification of access tokens (RFC 9068 §4), for resource servers and for this server itself.
//!
//! Pure: keys and the time come in as arguments. Nothing that a token names is ever fetched (RFC 8725 §3.10).
#![forbid(unsafe_code)]

mod strict_json;

pub mod key_set;
pub mod verification_key;

pub mod access_token;
mod compact_jws;
mod raw_claims;
pub mod rejection;
