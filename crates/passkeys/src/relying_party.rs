//! Who asks for passkeys: a server under one origin. Passkeys are bound to it for good, and to nothing else.

use url::Url;
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

/// Why an address cannot have passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RelyingPartyError {
    /// It is no URL.
    #[error("the base URL is not a URL")]
    NotAUrl,
    /// Browsers offer passkeys to secure contexts only: https, or http on the host `localhost`.
    #[error("passkeys need https, or http on localhost")]
    Insecure,
    /// Passkeys are bound to a domain (WebAuthn Level 3 §5.1.3); an address of a machine is none.
    #[error("passkeys need a host name instead of an address")]
    NotADomain,
    /// The library refuses the settings.
    #[error("the relying party cannot be set up")]
    Refused,
}

/// A server that people register passkeys with. Its id is the host of the base URL and the only origin it trusts is
/// that of the base URL, with its port; all issuers below the URL share both. Cheap to keep, one per server.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    pub(crate) webauthn: Webauthn,
}

impl RelyingParty {
    /// For the server at `base_url`; its path does not matter. `name` is what authenticators may show to people.
    pub fn new(base_url: &str, name: &str) -> Result<Self, RelyingPartyError> {
        let base_url = Url::parse(base_url).map_err(|_| RelyingPartyError::NotAUrl)?;
        let is_secure = match base_url.scheme() {
            "https" => true,
            "http" => base_url.host_str() == Some("localhost"),
            _ => false,
        };
        if !is_secure {
            return Err(RelyingPartyError::Insecure);
        }
        let origin =
            Url::parse(&base_url.origin().ascii_serialization()).map_err(|_| RelyingPartyError::NotAUrl)?;
        let id = origin.domain().ok_or(RelyingPartyError::NotADomain)?;
        let builder = WebauthnBuilder::new(id, &origin).map_err(|_| RelyingPartyError::Refused)?;
        let webauthn = builder.rp_name(name).build().map_err(|_| RelyingPartyError::Refused)?;
        Ok(Self { webauthn })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relying_party_is_a_domain_in_a_secure_context() {
        for (base_url, error) in [
            ("https://id.example.com", None),
            ("https://id.example.com:8443/below", None),
            ("http://localhost:8080", None),
            ("https://localhost", None),
            ("http://id.example.com", Some(RelyingPartyError::Insecure)),
            ("http://localhost.example.com", Some(RelyingPartyError::Insecure)),
            ("ftp://id.example.com", Some(RelyingPartyError::Insecure)),
            ("http://127.0.0.1:8080", Some(RelyingPartyError::Insecure)),
            ("https://192.0.2.1", Some(RelyingPartyError::NotADomain)),
            ("https://[2001:db8::1]", Some(RelyingPartyError::NotADomain)),
            ("id.example.com", Some(RelyingPartyError::NotAUrl)),
        ] {
            assert_eq!(RelyingParty::new(base_url, "Example").err(), error, "{base_url}");
        }
    }
}
