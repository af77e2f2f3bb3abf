//! Which browser a request was begun in. A sign-in counts as done for an app only in the browser that the app sent:
//! requests of apps go through addresses, and an address is easily passed on.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::handles::handle_hash;

/// A hash of a cookie that only this browser has, and keeps when somebody signs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrowserMark(String);

impl BrowserMark {
    /// Of the browser with this cookie, which has 256 random bits.
    pub fn of(cookie_value: &str) -> Self {
        Self(BASE64URL_NOPAD.encode(&handle_hash(cookie_value)))
    }
}

impl fmt::Debug for BrowserMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserMark")
    }
}
