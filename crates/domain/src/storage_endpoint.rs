//! Where an app's storage is reached: one origin, and the region that requests to it are signed for.
//!
//! Nothing here resolves a name or judges an address: that is the business of the guard that connects.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// The text is not an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an endpoint is `https://`, a host and perhaps a port, and nothing else")]
pub struct StorageEndpointError;

/// An origin in its canonical form: scheme, host in lower case, port unless it is the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StorageEndpoint {
    origin: String,
    host: Host<String>,
    port: u16,
    encrypted: bool,
}

impl StorageEndpoint {
    /// The longest endpoint, in characters.
    pub const MAX_LENGTH: usize = 255;

    /// Accepts `http(s)://host[:port][/]`. Other ways to write an address (`0x7f.1`, `2130706433`) become the
    /// address they mean; a host with an escaped, non-ASCII or trailing-dot form is refused.
    pub fn parse(text: &str) -> Result<Self, StorageEndpointError> {
        let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'%' | b'@'));
        if Self::MAX_LENGTH < text.len() || !plain {
            return Err(StorageEndpointError);
        }
        let url = Url::parse(text).map_err(|_| StorageEndpointError)?;
        let encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(StorageEndpointError),
        };
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let host = url.host().map(|host| host.to_owned()).ok_or(StorageEndpointError)?;
        let trailing_dot = matches!(&host, Host::Domain(name) if name.ends_with('.'));
        let port = url.port_or_known_default().filter(|port| *port != 0);
        match port {
            Some(port) if bare && !trailing_dot => {
                Ok(Self { origin: url.origin().ascii_serialization(), host, port, encrypted })
            }
            Some(_) | None => Err(StorageEndpointError),
        }
    }

    /// `https://host[:port]`, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// The host, without brackets around an IPv6 address.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    /// The address, if the host is one and not a name.
    pub fn address(&self) -> Option<IpAddr> {
        match &self.host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
        }
    }

    /// The port, also where the text has none.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is `https`.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }
}

impl fmt::Display for StorageEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

/// The text is not a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a region has 1 to {} letters, digits, hyphens and underscores", StorageRegion::MAX_LENGTH)]
pub struct StorageRegionError;

/// The region that requests are signed for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StorageRegion(String);

impl StorageRegion {
    /// The longest region, in characters.
    pub const MAX_LENGTH: usize = 40;

    /// Accepts 1 to 40 letters, digits, hyphens and underscores.
    pub fn parse(text: &str) -> Result<Self, StorageRegionError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if text.is_empty() || Self::MAX_LENGTH < text.len() || !text.bytes().all(allowed) {
            return Err(StorageRegionError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StorageRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_take_one_canonical_form() {
        for (text, expected, port) in [
            ("https://minio.example.com", "https://minio.example.com", 443),
            ("https://minio.example.com/", "https://minio.example.com", 443),
            ("HTTPS://MinIO.example.com:443/", "https://minio.example.com", 443),
            ("https://minio.example.com:9000", "https://minio.example.com:9000", 9_000),
            ("http://minio.example.com:80", "http://minio.example.com", 80),
            ("https://[::1]:9000", "https://[::1]:9000", 9_000),
        ] {
            let endpoint = StorageEndpoint::parse(text).unwrap();
            assert_eq!((endpoint.as_str(), endpoint.port()), (expected, port), "{text}");
            assert_eq!(StorageEndpoint::parse(endpoint.as_str()), Ok(endpoint), "{text}");
        }
    }

    #[test]
    fn attack_59_other_ways_to_write_an_address_become_the_address() {
        for (text, expected) in [
            ("https://0x7f.1", "127.0.0.1"),
            ("https://2130706433", "127.0.0.1"),
            ("https://0177.0.0.1", "127.0.0.1"),
            ("https://0", "0.0.0.0"),
            ("https://[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
            ("https://169.254.169.254", "169.254.169.254"),
        ] {
            let address = StorageEndpoint::parse(text).unwrap().address();
            assert_eq!(address, Some(expected.parse().unwrap()), "{text}");
        }
        assert_eq!(StorageEndpoint::parse("https://minio.example.com").unwrap().address(), None);
    }

    #[test]
    fn an_endpoint_is_an_origin_and_nothing_else() {
        for text in [
            "",
            "minio.example.com",
            "ftp://minio.example.com",
            "file:///etc/passwd",
            "https://",
            "https://user:pw@minio.example.com",
            "https://minio.example.com@evil.example",
            "https://minio.example.com/path",
            "https://minio.example.com/?x",
            "https://minio.example.com/#x",
            "https://minio.example.com:0",
            "https://minio.example.com:65536",
            "https://minio.example.com.",
            "https:\\\\minio.example.com",
            "https://minio%2eexample.com",
            "https://mini\tio.example.com",
            " https://minio.example.com",
            "https://münio.example.com",
            &format!("https://{}.example.com", "a".repeat(255)),
        ] {
            assert_eq!(StorageEndpoint::parse(text), Err(StorageEndpointError), "{text:?}");
        }
    }

    #[test]
    fn regions_are_short_words() {
        assert!(StorageRegion::parse("us-east-1").is_ok());
        assert!(StorageRegion::parse(&"r".repeat(40)).is_ok());
        for text in ["", "a b", "a/b", "é", &"r".repeat(41)] {
            assert_eq!(StorageRegion::parse(text), Err(StorageRegionError), "{text:?}");
        }
    }
}
