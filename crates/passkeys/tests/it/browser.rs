//! A browser with a software authenticator. It can be made to do what real ones do not.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use data_encoding::BASE64URL_NOPAD;
use passkey::authenticator::{
    Authenticator, CredentialStore, DiscoverabilitySupport, StoreInfo, UiHint, UserCheck,
    UserValidationMethod,
};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::make_credential::{
    Options, PublicKeyCredentialRpEntity, PublicKeyCredentialUserEntity,
};
use passkey::types::ctap2::{Aaguid, Ctap2Error, StatusCode};
use passkey::types::webauthn::PublicKeyCredentialDescriptor;
use serde::Serialize;
use serde_json::Value;
use turnkeep_passkeys::pending::OptionsJson;
use turnkeep_passkeys::relying_party::RelyingParty;
use turnkeep_passkeys::stored_passkey::StoredPasskey;
use url::Url;

pub(crate) const BASE_URL: &str = "https://id.example.com/below";
pub(crate) const ORIGIN: &str = "https://id.example.com";
pub(crate) const ADA: [u8; 16] = [0xAD; 16];
pub(crate) const EVE: [u8; 16] = [0xE5; 16];

/// A page at an origin, and the authenticator of who looks at it.
pub(crate) struct Browser {
    pub(crate) origin: Url,
    /// Whether the authenticator asks for a finger when it is told not to bother.
    pub(crate) verifies: bool,
    counts: bool,
    keys: Arc<Mutex<Vec<Passkey>>>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { origin: Url::parse(ORIGIN).unwrap(), verifies: true, counts: false, keys: Arc::default() }
    }

    /// With an authenticator that counts its uses.
    pub(crate) fn counting() -> Self {
        Self { counts: true, ..Self::new() }
    }

    /// The same keys in another authenticator, as of now.
    pub(crate) fn cloned(&self) -> Self {
        let keys = self.keys.lock().unwrap().clone();
        Self { keys: Arc::new(Mutex::new(keys)), origin: self.origin.clone(), ..*self }
    }

    pub(crate) fn at(origin: &str) -> Self {
        Self { origin: Url::parse(origin).unwrap(), ..Self::new() }
    }

    /// The same authenticator on a page of another origin.
    pub(crate) fn moved_to(&self, origin: &str) -> Self {
        Self { keys: Arc::clone(&self.keys), origin: Url::parse(origin).unwrap(), ..*self }
    }

    pub(crate) fn create(&self, options: &OptionsJson) -> String {
        self.create_as_told(options.as_str()).unwrap()
    }

    pub(crate) fn create_as_told(&self, options: &str) -> Option<String> {
        let request = serde_json::from_str(options).unwrap();
        wait(self.client().register(&self.origin, request, DefaultClientData)).ok().map(|made| json(&made))
    }

    pub(crate) fn prove(&self, options: &OptionsJson) -> String {
        self.prove_as_told(options.as_str())
    }

    pub(crate) fn prove_as_told(&self, options: &str) -> String {
        let request = serde_json::from_str(options).unwrap();
        json(&wait(self.client().authenticate(&self.origin, request, DefaultClientData)).unwrap())
    }

    fn client(&self) -> Client<Keys, Person, RustCryptoBackend, public_suffix::PublicSuffixList, ()> {
        let person = Person { verifies: self.verifies };
        let keys = Keys(Arc::clone(&self.keys));
        let mut authenticator = Authenticator::new(Aaguid::new_empty(), keys, person, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(self.counts);
        Client::new(authenticator)
    }
}

/// Registers a passkey, with the state through its text as in life.
pub(crate) fn register(party: &RelyingParty, browser: &Browser, user: [u8; 16]) -> StoredPasskey {
    let (options, pending) = party.begin_registration(user, "ada", "Ada", &[]).unwrap();
    let stored = party.finish_registration(pending, &browser.create(&options)).unwrap();
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

/// As browsers write it: bytes in base64url.
fn json(response: &impl Serialize) -> String {
    fn encode(value: &mut Value) {
        match value {
            Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_u64) => {
                let bytes: Vec<u8> =
                    items.iter().map(|item| item.as_u64().unwrap().try_into().unwrap()).collect();
                *value = Value::from(BASE64URL_NOPAD.encode(&bytes));
            }
            Value::Array(items) => items.iter_mut().for_each(encode),
            Value::Object(members) => members.values_mut().for_each(encode),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut value = serde_json::to_value(response).unwrap();
    encode(&mut value);
    value.to_string()
}

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

struct Person {
    verifies: bool,
}

#[async_trait]
impl UserValidationMethod for Person {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        hint: UiHint<'a, Passkey>,
        presence: bool,
        _: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        match hint {
            UiHint::InformExcludedCredentialFound(_) => Err(Ctap2Error::CredentialExcluded),
            _ => Ok(UserCheck { presence, verification: self.verifies }),
        }
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

struct Keys(Arc<Mutex<Vec<Passkey>>>);

#[async_trait]
impl CredentialStore for Keys {
    type PasskeyItem = Passkey;

    async fn find_credentials(
        &self,
        ids: Option<&[PublicKeyCredentialDescriptor]>,
        _: &str,
        _: Option<&[u8]>,
    ) -> Result<Vec<Passkey>, StatusCode> {
        let named = |key: &&Passkey| ids.is_none_or(|ids| ids.iter().any(|id| id.id == key.credential_id));
        Ok(self.0.lock().unwrap().iter().filter(named).cloned().collect())
    }

    async fn save_credential(
        &mut self,
        key: Passkey,
        _: PublicKeyCredentialUserEntity,
        _: PublicKeyCredentialRpEntity,
        _: Options,
    ) -> Result<(), StatusCode> {
        self.0.lock().unwrap().push(key);
        Ok(())
    }

    async fn update_credential(&mut self, key: &Passkey) -> Result<(), StatusCode> {
        let mut keys = self.0.lock().unwrap();
        let slot = keys.iter_mut().find(|other| other.credential_id == key.credential_id).unwrap();
        *slot = key.clone();
        Ok(())
    }

    async fn get_info(&self) -> StoreInfo {
        StoreInfo { discoverability: DiscoverabilitySupport::ForcedDiscoverable }
    }
}
