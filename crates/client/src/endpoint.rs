//! Where tokens are asked for: at a fixed place below the issuer, or where its metadata says.

use reqwest::Url;
use serde::Deserialize;
use url::Host;

use crate::build_error::BuildError;
use crate::builder::Discovery;
use crate::token_error::Flaw;

/// An issuer that may be sent a secret.
#[derive(Debug, Clone)]
pub(crate) struct Issuer {
    text: String,
    url: Url,
}

impl Issuer {
    /// Plain HTTP passes if it stays on this machine, or if it was allowed.
    pub(crate) fn parse(text: String, allow_plain_http: bool) -> Result<Self, BuildError> {
        let url = Url::parse(&text).map_err(|_| BuildError::Issuer)?;
        let is_issuer = matches!(url.scheme(), "https" | "http")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_issuer {
            return Err(BuildError::Issuer);
        }
        if url.scheme() == "http" && !allow_plain_http && !is_loopback(&url) {
            return Err(BuildError::InsecureIssuer);
        }
        Ok(Self { text, url })
    }

    /// As it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether requests go unprotected.
    pub(crate) fn is_plain_http(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// `{issuer}/connect/token`.
    pub(crate) fn token_endpoint(&self) -> Url {
        self.with_path(&format!("{}/connect/token", self.path()))
    }

    /// Where the metadata is: before the issuer's path in RFC 8414 §3.1, behind it in OpenID Connect
    /// Discovery §4.1.
    pub(crate) fn metadata_url(&self, discovery: Discovery) -> Url {
        let path = self.path();
        self.with_path(&match discovery {
            Discovery::AuthorizationServer => format!("/.well-known/oauth-authorization-server{path}"),
            Discovery::OpenId => format!("{path}/.well-known/openid-configuration"),
        })
    }

    /// The token endpoint that metadata names. It may be on another host, but not less protected than the issuer.
    pub(crate) fn discovered_endpoint(&self, metadata: &[u8]) -> Result<Url, Flaw> {
        let metadata: Metadata = serde_json::from_slice(metadata).map_err(|_| Flaw::Malformed)?;
        if metadata.issuer != self.text {
            return Err(Flaw::OtherIssuer);
        }
        let endpoint = Url::parse(&metadata.token_endpoint).map_err(|_| Flaw::Malformed)?;
        let same_host = endpoint.host() == self.url.host();
        match endpoint.scheme() {
            "https" => Ok(endpoint),
            "http" if self.is_plain_http() && (same_host || is_loopback(&endpoint)) => Ok(endpoint),
            _ => Err(Flaw::InsecureEndpoint),
        }
    }

    fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    fn with_path(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }
}

/// The part of the metadata that matters here (RFC 8414 §2).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    token_endpoint: String,
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // RFC 6761 §6.3.
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(text: &str) -> Issuer {
        Issuer::parse(text.to_owned(), false).unwrap()
    }

    #[test]
    fn secrets_go_over_tls_or_stay_on_this_machine() {
        for text in
            ["https://id.example.com", "http://127.0.0.1:8080", "http://[::1]/i/acme", "http://localhost"]
        {
            assert!(Issuer::parse(text.to_owned(), false).is_ok(), "{text}");
        }
        for text in ["http://id.example.com", "http://10.0.0.1", "http://localhost.example", "http://0.0.0.0"]
        {
            let refused = Issuer::parse(text.to_owned(), false);
            assert!(matches!(refused, Err(BuildError::InsecureIssuer)), "{text}");
            assert!(Issuer::parse(text.to_owned(), true).is_ok(), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_issuers() {
        for text in [
            "",
            "id.example.com",
            "ftp://id.example.com",
            "https://",
            "https://user@id.example.com",
            "https://user:password@id.example.com",
            "https://id.example.com?x=1",
            "https://id.example.com#x",
        ] {
            assert!(matches!(Issuer::parse(text.to_owned(), true), Err(BuildError::Issuer)), "{text}");
        }
    }

    #[test]
    fn addresses_follow_from_the_issuer() {
        for (text, endpoint, oauth, openid) in [
            (
                "https://id.example.com",
                "https://id.example.com/connect/token",
                "https://id.example.com/.well-known/oauth-authorization-server",
                "https://id.example.com/.well-known/openid-configuration",
            ),
            (
                "https://id.example.com/i/acme",
                "https://id.example.com/i/acme/connect/token",
                "https://id.example.com/.well-known/oauth-authorization-server/i/acme",
                "https://id.example.com/i/acme/.well-known/openid-configuration",
            ),
            (
                "http://localhost:8080/",
                "http://localhost:8080/connect/token",
                "http://localhost:8080/.well-known/oauth-authorization-server",
                "http://localhost:8080/.well-known/openid-configuration",
            ),
        ] {
            let issuer = issuer(text);
            assert_eq!(issuer.token_endpoint().as_str(), endpoint);
            assert_eq!(issuer.metadata_url(Discovery::AuthorizationServer).as_str(), oauth);
            assert_eq!(issuer.metadata_url(Discovery::OpenId).as_str(), openid);
        }
    }

    #[test]
    fn metadata_leads_only_to_endpoints_as_safe_as_the_issuer() {
        let (tls, local) = ("https://id.example.com", "http://127.0.0.1:8080");
        for (ours, theirs, endpoint, flaw) in [
            (tls, tls, "https://tokens.example.com/token", None),
            (local, local, "http://127.0.0.1:8080/connect/token", None),
            (local, local, "https://id.example.com/token", None),
            (tls, "https://id.example.com/", "https://id.example.com/token", Some(Flaw::OtherIssuer)),
            (tls, "https://evil.example", "https://evil.example/token", Some(Flaw::OtherIssuer)),
            (tls, tls, "http://id.example.com/token", Some(Flaw::InsecureEndpoint)),
            (tls, tls, "http://127.0.0.1/token", Some(Flaw::InsecureEndpoint)),
            (local, local, "http://id.example.com/token", Some(Flaw::InsecureEndpoint)),
            (tls, tls, "/token", Some(Flaw::Malformed)),
        ] {
            let metadata = serde_json::json!({"issuer": theirs, "token_endpoint": endpoint, "jwks_uri": "x"});
            let found = issuer(ours).discovered_endpoint(metadata.to_string().as_bytes());
            assert_eq!(found.as_ref().err(), flaw.as_ref(), "{ours} {theirs} {endpoint}");
            assert!(found.is_err() || found.is_ok_and(|url| url.as_str() == endpoint));
        }
    }
}
