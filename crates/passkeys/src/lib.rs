//! Passkeys: the ceremonies of WebAuthn for one relying party, over webauthn-rs.
//!
//! Nothing in this crate stores anything, waits for anything or knows an HTTP framework. The state of a ceremony is a
//! text that the caller keeps from the browser's eyes and hands back once; who owns which passkey is the caller's.
#![forbid(unsafe_code)]

pub mod denial;
pub mod pending;
pub mod registration;
pub mod relying_party;
pub mod sign_in;
pub mod stored_passkey;

mod response;
