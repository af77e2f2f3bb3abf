//! Redirect URIs of interactive sign-in and sign-out (RFC 6749 §3.1.2, RFC 9700 §2.1, RFC 8252 §7.3, seed 002).

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// Why a text is not a redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// More than [`RedirectUri::MAX_LENGTH`] characters.
    #[error("must have at most {} characters", RedirectUri::MAX_LENGTH)]
    TooLong,
    /// Not an absolute URI, or one that is not in its canonical form.
    #[error(
        "must be an absolute URI in canonical form: visible ASCII, lower-case host, no default port, no `..`"
    )]
    NotCanonical,
    /// A scheme other than https, or http to something other than this computer.
    #[error("must use https, or http to localhost or a loopback address")]
    Scheme,
    /// A `#`.
    #[error("must not have a fragment")]
    Fragment,
    /// A user name or password.
    #[error("must not have user information")]
    UserInfo,
    /// A `*`.
    #[error("must not have a wildcard")]
    Wildcard,
    /// More URIs than [`RedirectUris::MAX`].
    #[error("at most {} redirect URIs", RedirectUris::MAX)]
    TooMany,
    /// The same URI twice.
    #[error("is listed twice")]
    Duplicate,
}

/// A registered redirect URI, kept byte for byte as it was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// The longest URI, in characters.
    pub const MAX_LENGTH: usize = 2_000;

    /// Accepts absolute https URIs, and http ones to this computer, in canonical form.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        if Self::MAX_LENGTH < text.len() {
            return Err(RedirectUriError::TooLong);
        }
        let visible = |b: u8| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>');
        if !text.bytes().all(visible) {
            return Err(RedirectUriError::NotCanonical);
        }
        if text.contains('#') {
            return Err(RedirectUriError::Fragment);
        }
        if text.contains('*') {
            return Err(RedirectUriError::Wildcard);
        }
        let url = Url::parse(text).map_err(|_| RedirectUriError::NotCanonical)?;
        match url.scheme() {
            "https" => {}
            "http" if is_this_computer(&url) => {}
            _ => return Err(RedirectUriError::Scheme),
        }
        let authority = text.split('/').nth(2).unwrap_or_default();
        if !url.username().is_empty() || url.password().is_some() || authority.contains('@') {
            return Err(RedirectUriError::UserInfo);
        }
        // What a parser would rewrite (case, default port, dot segments) could be matched by one side and not
        // by the other, so it is not accepted in the first place. Only the path may be left empty.
        let canonical = url.as_str();
        let without_path =
            url.path() == "/" && url.query().is_none() && canonical.strip_suffix('/') == Some(text);
        if canonical != text && !without_path {
            return Err(RedirectUriError::NotCanonical);
        }
        if has_disguised_dot_segment(text) {
            return Err(RedirectUriError::NotCanonical);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether a requested URI is this one: byte for byte, but for the port of a loopback IP literal
    /// (RFC 8252 §7.3).
    pub fn matches(&self, requested: &str) -> bool {
        if self.0 == requested {
            return true;
        }
        match (loopback_without_port(&self.0), Self::parse(requested)) {
            (Some(registered), Ok(requested)) => loopback_without_port(&requested.0) == Some(registered),
            (Some(_) | None, _) => false,
        }
    }

    /// Whether a page of this origin (RFC 6454 §6.2) is where it leads.
    pub fn is_of_origin(&self, origin: &str) -> bool {
        let own = Url::parse(&self.0).map(|url| url.origin().ascii_serialization());
        let rest = own.ok().and_then(|own| self.0.strip_prefix(&own).map(str::to_owned));
        rest.is_some_and(|rest| self.matches(&format!("{origin}{rest}")))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `..` behind percent-encoding or a path parameter, which some servers in the middle resolve.
fn has_disguised_dot_segment(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["%2e%2e", "%2e.", ".%2e", "%252e", "%2f", "%5c", "%25", "..;"].iter().any(|trick| lower.contains(trick))
}

/// The URI without its port if it is http to a loopback IP literal (not to `localhost`, RFC 8252 §8.3).
fn loopback_without_port(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let address = match url.host()? {
        Host::Ipv4(address) => IpAddr::V4(address),
        Host::Ipv6(address) => IpAddr::V6(address),
        Host::Domain(_) => return None,
    };
    if url.scheme() != "http" || !address.is_loopback() {
        return None;
    }
    url.set_port(None).ok()?;
    Some(url)
}

/// The redirect URIs of an app, in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedirectUris(Vec<RedirectUri>);

impl RedirectUris {
    /// The most URIs of one kind an app may have.
    pub const MAX: usize = 20;

    /// Refuses duplicates and long lists.
    pub fn new(uris: Vec<RedirectUri>) -> Result<Self, RedirectUriError> {
        if Self::MAX < uris.len() {
            return Err(RedirectUriError::TooMany);
        }
        let mut seen: Vec<&RedirectUri> = uris.iter().collect();
        seen.sort();
        if seen.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(RedirectUriError::Duplicate);
        }
        Ok(Self(uris))
    }

    /// Parses each entry of a list.
    pub fn parse_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, RedirectUriError> {
        Self::new(texts.into_iter().map(RedirectUri::parse).collect::<Result<_, _>>()?)
    }

    /// Whether one of them matches.
    pub fn allow(&self, requested: &str) -> bool {
        self.0.iter().any(|uri| uri.matches(requested))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = &RedirectUri> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::RedirectUriError::*;
    use super::*;

    #[test]
    fn a_page_may_be_of_the_origin_of_a_redirect_uri() {
        for (uri, origin, expected) in [
            ("https://spa.example.com/cb", "https://spa.example.com", true),
            ("https://spa.example.com", "https://spa.example.com", true),
            ("https://spa.example.com:8443/cb?x=1", "https://spa.example.com:8443", true),
            ("https://spa.example.com/cb", "https://spa.example.com.evil.test", false),
            ("https://spa.example.com/cb", "https://spa.example.com:8443", false),
            ("https://spa.example.com/cb", "http://spa.example.com", false),
            ("https://spa.example.com/cb", "https://SPA.example.com", false),
            ("https://spa.example.com/cb", "null", false),
            ("https://spa.example.com/cb", "", false),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:4000", true),
            ("http://localhost:3000/cb", "http://localhost:4000", false),
        ] {
            assert_eq!(RedirectUri::parse(uri).unwrap().is_of_origin(origin), expected, "{uri} {origin}");
        }
    }

    #[test]
    fn registration() {
        for good in [
            "https://app.example.com",
            "https://app.example.com/",
            "https://app.example.com/cb?tenant=1,2",
            "https://app.example.com:8443/cb",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:9000/cb",
        ] {
            assert_eq!(RedirectUri::parse(good).map(|uri| uri.0), Ok(good.to_owned()));
        }
        for (bad, expected) in [
            ("", NotCanonical),
            ("/cb", NotCanonical),
            ("app.example.com/cb", NotCanonical),
            ("http://app.example.com/cb", Scheme),
            ("javascript:alert(1)", Scheme),
            ("data:text/html,x", Scheme),
            ("com.vendor.app:/cb", Scheme),
            ("https://app.example.com/cb#x", Fragment),
            ("https://u:p@app.example.com/cb", UserInfo),
            ("https://@app.example.com/cb", UserInfo),
            ("http://localhost@evil.test/", Scheme),
            ("http://127.0.0.1:9@evil.test/", Scheme),
            ("https://*.example.com/cb", Wildcard),
            ("https://APP.example.com/cb", NotCanonical),
            ("https://app.example.com:443/cb", NotCanonical),
            ("https://app.example.com/a/../cb", NotCanonical),
            ("https://app.example.com/%2e%2e/cb", NotCanonical),
            ("https://app.example.com/..%2fcb", NotCanonical),
            ("https://app.example.com/%252fcb", NotCanonical),
            ("https://app.example.com/..;/cb", NotCanonical),
            ("https://app.example.com\\@evil.test/", NotCanonical),
            ("https://app.example.com/c b", NotCanonical),
            ("https://app.example.com/\tcb", NotCanonical),
            ("https://äpp.example.com/cb", NotCanonical),
            ("http://2130706433/cb", NotCanonical),
        ] {
            assert_eq!(RedirectUri::parse(bad), Err(expected), "{bad}");
        }
    }

    #[test]
    fn comparison_is_exact() {
        let registered = RedirectUri::parse("https://app.example.com/cb").unwrap();
        assert!(registered.matches("https://app.example.com/cb"));
        for other in [
            "https://app.example.com/cb/",
            "https://app.example.com/cb?x=1",
            "https://app.example.com/cb#x",
            "https://APP.example.com/cb",
            "https://app.example.com/cb/../evil",
            "https://app.example.com.evil.test/cb",
            "https://appaexample.com/cb",
            "http://app.example.com/cb",
            "https://app.example.com:8443/cb",
        ] {
            assert!(!registered.matches(other), "{other}");
        }
    }

    #[test]
    fn only_the_port_of_a_loopback_ip_literal_may_differ() {
        let literal = RedirectUri::parse("http://127.0.0.1:1000/cb").unwrap();
        assert!(literal.matches("http://127.0.0.1:2000/cb"));
        assert!(literal.matches("http://127.0.0.1/cb"));
        assert!(!literal.matches("http://127.0.0.1:2000/other"));
        assert!(!literal.matches("http://127.0.0.2:1000/cb"));
        assert!(!literal.matches("http://127.0.0.1:9@evil.test/cb"));
        let name = RedirectUri::parse("http://localhost:1000/cb").unwrap();
        assert!(!name.matches("http://localhost:2000/cb"));
    }

    #[test]
    fn lists_are_bounded_and_free_of_duplicates() {
        let uri = "https://a.example.com/";
        assert_eq!(RedirectUris::parse_list([uri, uri]), Err(Duplicate));
        let many: Vec<String> = (0..21).map(|n| format!("https://a.example.com/{n}")).collect();
        assert_eq!(RedirectUris::parse_list(many.iter().map(String::as_str)), Err(TooMany));
    }
}
