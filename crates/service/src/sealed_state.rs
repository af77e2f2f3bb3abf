//! States that go through a browser and come back: sealed, so that it can neither read nor change them, and bound to
//! one purpose at one issuer for a while. Nothing is stored: whoever has to know that a state comes back once has to
//! take a note of it.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use turnkeep_domain::slug::Slug;
use turnkeep_token::sealing::SealError;
use turnkeep_token::state_sealing::{open_state, seal_state};
use zeroize::Zeroizing;

use crate::authority::Authority;
use crate::failure::Fault;

/// The longest text that is looked at, in characters.
const MAX_CHARACTERS: usize = 32 * 1024;

#[derive(Serialize)]
struct Sealed<'a, T> {
    /// Microseconds since the epoch.
    until: i64,
    value: &'a T,
}

#[derive(Deserialize)]
struct Opened<T> {
    until: i64,
    value: T,
}

impl Authority {
    /// Seals a state as text in base64url. It opens for the same purpose at the same issuer, on every node with the
    /// same master keys, until the lifetime is over.
    pub fn seal_state<T: Serialize>(
        &self,
        purpose: &'static str,
        issuer: &Slug,
        value: &T,
        lifetime: Duration,
    ) -> Result<String, Fault> {
        let until = self.now().plus(lifetime).as_micros();
        let plaintext = Zeroizing::new(serde_json::to_vec(&Sealed { until, value })?);
        let place = place(purpose, issuer);
        let sealed = seal_state(&self.master_keys, &*self.random, &place, &plaintext)?;
        Ok(BASE64URL_NOPAD.encode(&sealed))
    }

    /// Opens one; `None` if it was changed, sealed for something else, or has expired.
    pub fn open_state<T: DeserializeOwned>(
        &self,
        purpose: &'static str,
        issuer: &Slug,
        text: &str,
    ) -> Result<Option<T>, Fault> {
        if MAX_CHARACTERS < text.len() {
            return Ok(None);
        }
        let Ok(sealed) = BASE64URL_NOPAD.decode(text.as_bytes()) else {
            return Ok(None);
        };
        let plaintext = match open_state(&self.master_keys, &place(purpose, issuer), &sealed) {
            Ok(plaintext) => plaintext,
            Err(SealError::Corrupt | SealError::UnknownMasterKey(_)) => return Ok(None),
            Err(error @ SealError::Failed) => return Err(error.into()),
        };
        // What an older version sealed may have another form: it counts no more than what has expired.
        let opened = serde_json::from_slice::<Opened<T>>(&plaintext).ok();
        let now = self.now().as_micros();
        Ok(opened.filter(|opened| now < opened.until).map(|opened| opened.value))
    }
}

/// Neither part has this byte, since no UTF-8 text does: it keeps them apart.
fn place(purpose: &str, issuer: &Slug) -> Vec<u8> {
    [purpose.as_bytes(), &[0xff], issuer.as_str().as_bytes()].concat()
}
