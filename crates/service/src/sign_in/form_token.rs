//! What proves that a form was made for the browser that sends it (RFC 6749 §10.12): a MAC of a cookie that only this
//! browser has, under a key of its own that is derived from the master key. Nothing is stored.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use turnkeep_secret::derived_mac::derived_hmac;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};

use crate::authority::Authority;

/// The use that the key is derived for.
const LABEL: &str = "turnkeep form token v1";

impl Authority {
    /// A new value for the cookie of a browser that has no session: 256 random bits in base64url.
    pub fn new_form_cookie(&self) -> String {
        BASE64URL_NOPAD.encode(&self.random_bytes::<32>())
    }

    /// The token of the forms of a browser with this cookie, be it the cookie of a session or not.
    pub fn form_token(&self, cookie_value: &str) -> String {
        BASE64URL_NOPAD.encode(&mac(self.master_keys.current(), cookie_value).finalize().into_bytes())
    }

    /// Whether it is the token of this cookie, in constant time; also under earlier master keys.
    pub fn is_form_token(&self, cookie_value: &str, token: &str) -> bool {
        is_token(&self.master_keys, cookie_value, token)
    }
}

fn is_token(keys: &MasterKeys, cookie_value: &str, token: &str) -> bool {
    BASE64URL_NOPAD.decode(token.as_bytes()).is_ok_and(|presented| {
        keys.iter().any(|(_, key)| mac(key, cookie_value).verify_slice(&presented).is_ok())
    })
}

fn mac(key: &MasterKey, cookie_value: &str) -> Hmac<Sha256> {
    derived_hmac(key, LABEL).chain_update(cookie_value)
}

#[cfg(test)]
mod tests {
    use turnkeep_testkit::fixtures::numbered_master_keys as keys;

    use super::*;

    #[test]
    fn a_token_belongs_to_one_cookie_and_outlives_the_change_of_the_master_key() {
        let token = BASE64URL_NOPAD.encode(&mac(keys(&[1]).current(), "cookie").finalize().into_bytes());
        for (now, cookie, token, expected) in [
            (&[1][..], "cookie", token.as_str(), true),
            (&[2, 1], "cookie", &token, true),
            (&[2], "cookie", &token, false),
            (&[1], "Cookie", &token, false),
            (&[1], "", &token, false),
            (&[1], "cookie", "", false),
            (&[1], "cookie", token.get(..42).unwrap(), false),
            (&[1], "cookie", "not base64!", false),
        ] {
            assert_eq!(is_token(&keys(now), cookie, token), expected, "{now:?} {cookie} {token}");
        }
    }
}
