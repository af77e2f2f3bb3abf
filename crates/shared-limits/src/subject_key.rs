//! The keys under which nodes count together: the same on all of them, and of no use to who reads the server.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use turnkeep_guard::rate_limits::shared::SharedTake;
use turnkeep_secret::derived_mac::derived_hmac;
use turnkeep_secret::master_key::MasterKey;

/// Makes keys under a key that only nodes of this cluster can derive: from a bare hash of an address the address
/// could be found by trying all of them.
#[derive(Clone)]
pub(crate) struct SubjectKeys(Hmac<Sha256>);

impl SubjectKeys {
    pub(crate) fn new(master_key: &MasterKey) -> Self {
        Self(derived_hmac(master_key, "turnkeep shared limits v1"))
    }

    /// Such as `turnkeep:limit:token:client:` and 22 characters that stand for the client.
    pub(crate) fn key(&self, take: &SharedTake) -> String {
        let (endpoint, layer) = (take.endpoint.as_str(), take.layer.as_str());
        let mac = self.0.clone().chain_update(endpoint).chain_update([0]).chain_update(layer);
        let tag: [u8; 32] = mac.chain_update([0]).chain_update(take.subject).finalize().into_bytes().into();
        let (short, _) = tag.split_at(16);
        let mut key = String::with_capacity(64);
        for part in ["turnkeep:limit:", endpoint, ":", layer, ":"] {
            key.push_str(part);
        }
        BASE64URL_NOPAD.encode_append(short, &mut key);
        key
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use turnkeep_guard::endpoint::Endpoint;
    use turnkeep_guard::layer::Layer;
    use turnkeep_guard::rate_limits::quota::RateQuota;

    use super::*;

    fn take(endpoint: Endpoint, layer: Layer, subject: [u8; 16]) -> SharedTake {
        SharedTake { endpoint, layer, subject, quota: RateQuota::parse("600/60").unwrap() }
    }

    #[test]
    fn nodes_with_the_same_master_key_find_the_same_key() {
        let keys = |master_key| SubjectKeys::new(&MasterKey::generate([master_key; 32]));
        let client = take(Endpoint::Token, Layer::Client, [7; 16]);
        let generous = SharedTake { quota: RateQuota::parse("9/1").unwrap(), ..client };
        assert_eq!(keys(1).key(&client), keys(1).key(&generous));
        assert_ne!(keys(1).key(&client), keys(2).key(&client));
    }

    #[test]
    fn every_limit_and_subject_has_a_key_of_its_own_that_does_not_show_the_subject() {
        let keys = SubjectKeys::new(&MasterKey::generate([1; 32]));
        let mut seen = BTreeSet::new();
        for endpoint in Endpoint::ALL {
            for layer in Layer::ALL {
                for subject in [*b"10.0.0.1 and so ", [0; 16]] {
                    let key = keys.key(&take(endpoint, layer, subject));
                    let hashed = key.strip_prefix(&format!(
                        "turnkeep:limit:{}:{}:",
                        endpoint.as_str(),
                        layer.as_str()
                    ));
                    assert_eq!(hashed.map(str::len), Some(22), "{key}");
                    let shown = BASE64URL_NOPAD.encode(&subject);
                    assert!(!key.contains(&shown), "{key}");
                    assert!(seen.insert(key));
                }
            }
        }
    }
}
