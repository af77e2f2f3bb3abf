//! The address of the server that is administered. Credentials go there, so it has to be one that keeps them.

use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;
use url::{Host, Url};

/// Why an address is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    /// Not a URL that could be a server.
    #[error("--server must be a URL such as https://id.example.com, without user, query or fragment")]
    Malformed,
    /// Credentials would cross a network in the clear.
    #[error(
        "--server would carry credentials over the network unencrypted: use https (or insist with --allow-http)"
    )]
    Unencrypted,
}

/// The base URL of a server.
#[derive(Debug, Clone)]
pub(crate) struct Address(Url);

impl Address {
    /// Accepts https, and http to this computer; `allow_http` lets http go elsewhere too.
    pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Self, AddressError> {
        let url = Url::parse(text).map_err(|_| AddressError::Malformed)?;
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.has_host();
        let address = Self(url);
        match address.0.scheme() {
            "https" if plain => Ok(address),
            "http" if plain && (allow_http || address.is_loopback()) => Ok(address),
            "http" if plain => Err(AddressError::Unencrypted),
            _ => Err(AddressError::Malformed),
        }
    }

    /// Whether it is this computer. A name other than `localhost` could lead anywhere.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// The address of something in an instance.
    pub(crate) fn join(&self, instance: Option<&Slug>, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        // Only a URL that cannot be a base has no path segments, and such a URL has no host.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            if let Some(slug) = instance.filter(|slug| slug.as_str() != DEFAULT_INSTANCE) {
                path.extend(["i", slug.as_str()]);
            }
            path.extend(segments);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_over_tls_or_stay_on_this_computer() {
        let cases = [
            ("https://id.example.com", false, Ok(())),
            ("https://id.example.com:8443/prefix/", false, Ok(())),
            ("http://127.0.0.1:8080", false, Ok(())),
            ("http://127.9.9.9", false, Ok(())),
            ("http://[::1]:8080", false, Ok(())),
            ("http://localhost:8080", false, Ok(())),
            ("http://localhost.example.com", false, Err(AddressError::Unencrypted)),
            ("http://10.0.0.1:8080", false, Err(AddressError::Unencrypted)),
            ("http://10.0.0.1:8080", true, Ok(())),
            ("id.example.com", true, Err(AddressError::Malformed)),
            ("ftp://127.0.0.1", true, Err(AddressError::Malformed)),
            ("https://user@id.example.com", false, Err(AddressError::Malformed)),
            ("https://user:word@id.example.com", false, Err(AddressError::Malformed)),
            ("https://id.example.com?a=b", false, Err(AddressError::Malformed)),
            ("https://id.example.com#a", false, Err(AddressError::Malformed)),
            ("", false, Err(AddressError::Malformed)),
        ];
        for (text, allow_http, expected) in cases {
            assert_eq!(Address::parse(text, allow_http).map(|_| ()), expected, "{text}");
        }
    }

    #[test]
    fn instances_and_odd_segments_have_their_place_in_the_path() {
        let address = Address::parse("https://id.example.com/auth/", false).unwrap();
        let staging = Slug::parse("staging").unwrap();
        let default = Slug::parse("default").unwrap();
        let join = |instance: Option<&Slug>| address.join(instance, &["api", "v1", "a/b ?"]).to_string();
        assert_eq!(join(None), "https://id.example.com/auth/api/v1/a%2Fb%20%3F");
        assert_eq!(join(Some(&default)), join(None));
        assert_eq!(join(Some(&staging)), "https://id.example.com/auth/i/staging/api/v1/a%2Fb%20%3F");
    }
}
