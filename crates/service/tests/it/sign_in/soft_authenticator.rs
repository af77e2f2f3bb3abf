//! A browser with an authenticator in software, as somebody's laptop is.

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
use serde_json::Value;
use url::Url;

use crate::world::BASE_URL;

/// The authenticator with its keys. It counts their uses.
#[derive(Clone, Default)]
pub(super) struct SoftAuthenticator(Arc<Mutex<Vec<Passkey>>>);

impl SoftAuthenticator {
    /// What `navigator.credentials.create` gives.
    pub(super) fn create(&self, options: &str) -> String {
        let request = serde_json::from_str(options).unwrap();
        let made = wait(self.client().register(&origin(), request, DefaultClientData)).unwrap();
        as_browsers_write(serde_json::to_value(made).unwrap())
    }

    /// What `navigator.credentials.get` gives.
    pub(super) fn get(&self, options: &str) -> String {
        let request = serde_json::from_str(options).unwrap();
        let proven = wait(self.client().authenticate(&origin(), request, DefaultClientData)).unwrap();
        as_browsers_write(serde_json::to_value(proven).unwrap())
    }

    fn client(&self) -> Client<Self, Owner, RustCryptoBackend, public_suffix::PublicSuffixList, ()> {
        let mut authenticator =
            Authenticator::new(Aaguid::new_empty(), self.clone(), Owner, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(true);
        Client::new(authenticator)
    }
}

fn origin() -> Url {
    Url::parse(BASE_URL).unwrap()
}

/// Bytes in base64url.
fn as_browsers_write(mut value: Value) -> String {
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
    encode(&mut value);
    value.to_string()
}

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// Always there, and always willing.
struct Owner;

#[async_trait]
impl UserValidationMethod for Owner {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

#[async_trait]
impl CredentialStore for SoftAuthenticator {
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
        *keys.iter_mut().find(|other| other.credential_id == key.credential_id).unwrap() = key.clone();
        Ok(())
    }

    async fn get_info(&self) -> StoreInfo {
        StoreInfo { discoverability: DiscoverabilitySupport::ForcedDiscoverable }
    }
}
