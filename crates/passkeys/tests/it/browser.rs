//! The relying party, browsers that look at it, and what somebody may change in what they say.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use turnkeep_passkeys::relying_party::RelyingParty;
use turnkeep_passkeys::stored_passkey::StoredPasskey;
use turnkeep_testkit::soft_authenticator::SoftAuthenticator;

pub(crate) const BASE_URL: &str = "https://id.example.com/below";
pub(crate) const ORIGIN: &str = "https://id.example.com";
pub(crate) const ADA: [u8; 16] = [0xAD; 16];
pub(crate) const EVE: [u8; 16] = [0xE5; 16];

/// A browser on a page of the relying party.
pub(crate) fn new_browser() -> SoftAuthenticator {
    SoftAuthenticator::at(ORIGIN)
}

/// With an authenticator that counts its uses.
pub(crate) fn counting_browser() -> SoftAuthenticator {
    new_browser().counting()
}

/// Registers a passkey, with the state through its text as in life.
pub(crate) fn register(party: &RelyingParty, browser: &SoftAuthenticator, user: [u8; 16]) -> StoredPasskey {
    let (options, pending) = party.begin_registration(user, "ada", "Ada", &[]).unwrap();
    let stored = party.finish_registration(pending, &browser.create(options.as_str()).unwrap()).unwrap();
    StoredPasskey::parse(&stored.to_text()).unwrap()
}

pub(crate) fn party() -> RelyingParty {
    RelyingParty::new(BASE_URL, "Example").unwrap()
}

/// With another value somewhere in the JSON.
pub(crate) fn changed(json: &str, pointer: &str, value: impl Into<Value>) -> String {
    let mut json: Value = serde_json::from_str(json).unwrap();
    *json.pointer_mut(pointer).unwrap() = value.into();
    json.to_string()
}

/// With other bytes somewhere in the JSON.
pub(crate) fn patched(json: &str, pointer: &str, patch: impl FnOnce(&mut Vec<u8>)) -> String {
    let value: Value = serde_json::from_str(json).unwrap();
    let text = value.pointer(pointer).unwrap().as_str().unwrap();
    let mut bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    patch(&mut bytes);
    changed(json, pointer, BASE64URL_NOPAD.encode(&bytes))
}
