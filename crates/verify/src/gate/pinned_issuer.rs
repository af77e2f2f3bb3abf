//! An issuer that a resource server trusts, by its configuration and nothing else.

use std::fmt;

use turnkeep_domain::signing_key::SigningAlgorithm;
use url::{Host, Url};
use zeroize::Zeroizing;

/// Why an issuer cannot be pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinnedIssuerError {
    /// Not an absolute URL with a host.
    #[error("not a URL with a host")]
    NotAUrl,
    /// Neither `https` nor an address of this computer: whoever is in between could hand out keys of his own.
    #[error("must be https, or http on this computer")]
    Insecure,
    /// An issuer has neither (RFC 8414 §2).
    #[error("must not have a query, a fragment or user information")]
    Extras,
}

/// An issuer with the places of its documents. Places never come from a token or from another document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedIssuer {
    issuer: String,
    algorithms: Vec<SigningAlgorithm>,
    key_set_url: Url,
    kill_marks_url: Option<Url>,
    introspection: Option<IntrospectionEndpoint>,
}

/// Where the issuer is asked about reference tokens, and as whom.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IntrospectionEndpoint {
    pub(crate) url: Url,
    pub(crate) client_id: String,
    pub(crate) client_secret: Zeroizing<String>,
}

impl fmt::Debug for IntrospectionEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, client_id, client_secret: _ } = self;
        f.debug_struct("IntrospectionEndpoint")
            .field("url", &url.as_str())
            .field("client_id", client_id)
            .finish_non_exhaustive()
    }
}

impl PinnedIssuer {
    /// An issuer as it stands in `iss`, with its documents under `/.well-known/`, and every supported algorithm.
    pub fn parse(issuer: &str) -> Result<Self, PinnedIssuerError> {
        checked(issuer)?;
        let place =
            |document: &str| checked(&format!("{}/.well-known/{document}", issuer.trim_end_matches('/')));
        Ok(Self {
            issuer: issuer.to_owned(),
            algorithms: SigningAlgorithm::ALL.to_vec(),
            key_set_url: place("jwks.json")?,
            kill_marks_url: Some(place("kill-marks")?),
            introspection: None,
        })
    }

    /// Fetches the key set from elsewhere.
    pub fn with_key_set_url(mut self, url: &str) -> Result<Self, PinnedIssuerError> {
        self.key_set_url = checked(url)?;
        Ok(self)
    }

    /// Fetches the kill marks from elsewhere.
    pub fn with_kill_marks_url(mut self, url: &str) -> Result<Self, PinnedIssuerError> {
        self.kill_marks_url = Some(checked(url)?);
        Ok(self)
    }

    /// Follows no kill marks: tokens live until they expire, whatever happens.
    #[must_use]
    pub fn without_kill_marks(mut self) -> Self {
        self.kill_marks_url = None;
        self
    }

    /// Accepts reference tokens too, by asking the issuer about each of them (RFC 7662) as this client, which has to be
    /// a resource server of the gate's audience. Without this they are refused as invalid.
    pub fn with_introspection(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, PinnedIssuerError> {
        let url = checked(&format!("{}/connect/introspect", self.issuer.trim_end_matches('/')))?;
        let (client_id, client_secret) = (client_id.into(), Zeroizing::new(client_secret.into()));
        self.introspection = Some(IntrospectionEndpoint { url, client_id, client_secret });
        Ok(self)
    }

    /// Accepts these algorithms only.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: &[SigningAlgorithm]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// The issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn algorithms(&self) -> &[SigningAlgorithm] {
        &self.algorithms
    }

    pub(crate) fn key_set_url(&self) -> &Url {
        &self.key_set_url
    }

    pub(crate) const fn introspection(&self) -> Option<&IntrospectionEndpoint> {
        self.introspection.as_ref()
    }

    pub(crate) fn kill_marks_url(&self) -> Option<&Url> {
        self.kill_marks_url.as_ref()
    }
}

fn checked(text: &str) -> Result<Url, PinnedIssuerError> {
    let url = Url::parse(text).map_err(|_| PinnedIssuerError::NotAUrl)?;
    let on_this_computer = match url.host().ok_or(PinnedIssuerError::NotAUrl)? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    match url.scheme() {
        "https" => {}
        "http" if on_this_computer => {}
        _ => return Err(PinnedIssuerError::Insecure),
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || url.query().is_some() || url.fragment().is_some() {
        return Err(PinnedIssuerError::Extras);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::PinnedIssuerError::*;
    use super::*;

    #[test]
    fn documents_lie_below_the_issuer() {
        for (issuer, base) in [
            ("https://id.example.com", "https://id.example.com"),
            ("https://id.example.com/", "https://id.example.com"),
            ("https://id.example.com/i/acme", "https://id.example.com/i/acme"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:8080", "http://localhost:8080"),
        ] {
            let pinned = PinnedIssuer::parse(issuer).unwrap();
            assert_eq!(pinned.issuer(), issuer);
            assert_eq!(pinned.key_set_url().as_str(), format!("{base}/.well-known/jwks.json"));
            let kill_marks = pinned.kill_marks_url().map(Url::as_str);
            assert_eq!(kill_marks, Some(format!("{base}/.well-known/kill-marks").as_str()));
        }
    }

    #[test]
    fn the_secret_of_introspection_is_never_printed() {
        let pinned = PinnedIssuer::parse("https://id.example.com/i/acme").unwrap();
        let pinned = pinned.with_introspection("api", "hunter2").unwrap();
        let endpoint = pinned.introspection().unwrap();
        assert_eq!(endpoint.url.as_str(), "https://id.example.com/i/acme/connect/introspect");
        let printed = format!("{pinned:?}");
        assert!(printed.contains("api") && !printed.contains("hunter2"), "{printed}");
    }

    #[test]
    fn what_cannot_be_trusted_is_refused() {
        for (issuer, expected) in [
            ("id.example.com", NotAUrl),
            ("", NotAUrl),
            ("file:///etc/jwks.json", NotAUrl),
            ("http://id.example.com", Insecure),
            ("http://10.0.0.1", Insecure),
            ("http://localhost.example.com", Insecure),
            ("ftp://127.0.0.1", Insecure),
            ("https://id.example.com?tenant=1", Extras),
            ("https://id.example.com#x", Extras),
            ("https://user@id.example.com", Extras),
        ] {
            assert_eq!(PinnedIssuer::parse(issuer), Err(expected), "{issuer}");
        }
        let pinned = PinnedIssuer::parse("https://id.example.com").unwrap();
        assert_eq!(pinned.clone().with_key_set_url("http://id.example.com/keys"), Err(Insecure));
        assert_eq!(pinned.with_kill_marks_url("kill-marks"), Err(NotAUrl));
    }
}
