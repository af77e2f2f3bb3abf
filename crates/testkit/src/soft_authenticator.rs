//! A browser with an authenticator in software, which somebody else wrote. It can be made to do what real ones do not.
#![expect(clippy::unwrap_used, reason = "a ceremony that a test cannot go through has to stop it")]

use std::fmt;
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
use url::Url;

/// A page at an origin, and the authenticator of who looks at it: somebody who is always there, and always willing.
pub struct SoftAuthenticator {
    origin: Url,
    /// Whether it asks for a finger, if need be unasked.
    pub verifies: bool,
    counts: bool,
    keys: Arc<Mutex<Vec<Passkey>>>,
}

impl fmt::Debug for SoftAuthenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftAuthenticator").field("origin", &self.origin.as_str()).finish_non_exhaustive()
    }
}

impl SoftAuthenticator {
    /// One without keys that verifies people and counts nothing.
    pub fn at(origin: &str) -> Self {
        Self { origin: Url::parse(origin).unwrap(), verifies: true, counts: false, keys: Arc::default() }
    }

    /// One that counts the uses of keys that it makes.
    pub fn counting(self) -> Self {
        Self { counts: true, ..self }
    }

    /// The same keys in another authenticator, as of now.
    pub fn cloned(&self) -> Self {
        let keys = self.keys.lock().unwrap().clone();
        Self { keys: Arc::new(Mutex::new(keys)), origin: self.origin.clone(), ..*self }
    }

    /// The same authenticator on a page of another origin.
    pub fn moved_to(&self, origin: &str) -> Self {
        Self { keys: Arc::clone(&self.keys), origin: Url::parse(origin).unwrap(), ..*self }
    }

    /// What `navigator.credentials.create` gives; `None` if it refuses.
    pub fn create(&self, options: &str) -> Option<String> {
        let request = serde_json::from_str(options).unwrap();
        let made = wait(self.client().register(&self.origin, request, DefaultClientData));
        made.ok().map(|made| as_browsers_write(&made))
    }

    /// What `navigator.credentials.get` gives.
    pub fn get(&self, options: &str) -> String {
        let request = serde_json::from_str(options).unwrap();
        let proven = wait(self.client().authenticate(&self.origin, request, DefaultClientData));
        as_browsers_write(&proven.unwrap())
    }

    fn client(&self) -> Client<Keys, Owner, RustCryptoBackend, public_suffix::PublicSuffixList, ()> {
        let owner = Owner { verifies: self.verifies };
        let keys = Keys(Arc::clone(&self.keys));
        let mut authenticator = Authenticator::new(Aaguid::new_empty(), keys, owner, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(self.counts);
        Client::new(authenticator)
    }
}

/// Bytes in base64url.
fn as_browsers_write(response: &impl Serialize) -> String {
    fn encode(value: &mut Value) {
        match value {
            Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_u64) => {
                let bytes = items.iter().map(|item| u8::try_from(item.as_u64().unwrap()).unwrap());
                *value = Value::from(BASE64URL_NOPAD.encode(&bytes.collect::<Vec<u8>>()));
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

struct Owner {
    verifies: bool,
}

#[async_trait]
impl UserValidationMethod for Owner {
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
        let is_named = |key: &&Passkey| ids.is_none_or(|ids| ids.iter().any(|id| id.id == key.credential_id));
        Ok(self.0.lock().unwrap().iter().filter(is_named).cloned().collect())
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
