//! Which web pages may use a token: the `Origin` of a request (RFC 6454 §7) against the allowed domains in the token
//! (seeds 000 and 001).

use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomains};

/// What to make of the `Origin` header of a request. A request without one does not come from a web page of another
/// origin, and always passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OriginRule {
    /// It does not count.
    Ignored,
    /// It must be one of the token's allowed domains. A token without any is not bound to domains: they are optional
    /// (seed 001: "you can optionally store up to three").
    #[default]
    AllowedDomains,
    /// The same, but a token without allowed domains may not be used by a web page at all.
    ListedDomainsOnly,
}

/// The `Origin` header of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOrigin<'a> {
    /// There is none.
    Absent,
    /// As it was sent.
    Sent(&'a str),
    /// Several, or not a text: no browser sends that.
    Unreadable,
}

impl<'a> RequestOrigin<'a> {
    /// From the values of all `Origin` headers.
    pub fn from_headers(values: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Self::Absent,
            (Some(value), None) => std::str::from_utf8(value).map_or(Self::Unreadable, Self::Sent),
            (Some(_), Some(_)) => Self::Unreadable,
        }
    }
}

impl OriginRule {
    /// Whether a request of that origin may use a token with these domains.
    pub fn admits(self, origin: RequestOrigin<'_>, domains: &AllowedDomains) -> bool {
        let bound = match self {
            Self::Ignored => false,
            Self::AllowedDomains => domains.filled().next().is_some(),
            Self::ListedDomainsOnly => true,
        };
        match origin {
            RequestOrigin::Absent => true,
            RequestOrigin::Sent(origin) => !bound || is_among(origin, domains),
            RequestOrigin::Unreadable => !bound,
        }
    }
}

/// Allowed domains have no scheme (seed 000: "protocols are stripped"), so both `http` and `https` match; a domain
/// without a port means the scheme's own.
fn is_among(origin: &str, domains: &AllowedDomains) -> bool {
    let (default_port, authority) = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
        (Some(authority), _) => (":443", authority),
        (None, Some(authority)) => (":80", authority),
        // Also `null`, which every sandboxed page may send.
        (None, None) => return false,
    };
    // An origin ends after its port; the domain's parser would forgive more.
    if authority.contains("://") || authority.ends_with('/') || authority.contains(char::is_whitespace) {
        return false;
    }
    let Ok(sent) = AllowedDomain::parse(authority) else {
        return false;
    };
    let without_default_port = |domain: &AllowedDomain| {
        let text = domain.as_str();
        text.strip_suffix(default_port).unwrap_or(text).to_owned()
    };
    let sent = without_default_port(&sent);
    domains.filled().any(|(_, domain)| without_default_port(domain) == sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains() -> AllowedDomains {
        AllowedDomains::parse_slots(["myapp.com", "staging.myapp.com:443", "localhost:3000"]).unwrap()
    }

    #[test]
    fn only_allowed_domains_pass() {
        for (origin, expected) in [
            ("https://myapp.com", true),
            ("http://myapp.com", true),
            ("https://MYAPP.com", true),
            ("https://myapp.com:443", true),
            ("http://myapp.com:80", true),
            ("https://staging.myapp.com", true),
            ("http://localhost:3000", true),
            ("https://localhost:3000", true),
            ("https://myapp.com:80", false),
            ("https://myapp.com:8443", false),
            ("http://staging.myapp.com", false),
            ("http://localhost", false),
            ("http://localhost:3001", false),
            ("https://evil.myapp.com", false),
            ("https://myapp.com.evil.example", false),
            ("https://myapp.com@evil.example", false),
            ("https://evil.example#myapp.com", false),
            ("https://evil.example/myapp.com", false),
            ("https://myapp.com/", false),
            ("https://https://myapp.com", false),
            ("https:// myapp.com", false),
            ("HTTPS://myapp.com", false),
            ("chrome-extension://myapp.com", false),
            ("myapp.com", false),
            ("null", false),
            ("", false),
            ("https://", false),
            ("https://myapp.com https://evil.example", false),
        ] {
            let admitted = OriginRule::AllowedDomains.admits(RequestOrigin::Sent(origin), &domains());
            assert_eq!(admitted, expected, "{origin}");
        }
    }

    #[test]
    fn the_rule_says_what_no_domains_mean() {
        use OriginRule::{Ignored, ListedDomainsOnly};
        let (page, none) = (RequestOrigin::Sent("https://evil.example"), AllowedDomains::default());
        for (rule, origin, domains, expected) in [
            (Ignored, page, domains(), true),
            (Ignored, RequestOrigin::Unreadable, domains(), true),
            (OriginRule::AllowedDomains, page, none.clone(), true),
            (OriginRule::AllowedDomains, RequestOrigin::Unreadable, none.clone(), true),
            (OriginRule::AllowedDomains, RequestOrigin::Unreadable, domains(), false),
            (OriginRule::AllowedDomains, RequestOrigin::Absent, domains(), true),
            (ListedDomainsOnly, page, none.clone(), false),
            (ListedDomainsOnly, RequestOrigin::Absent, none.clone(), true),
            (ListedDomainsOnly, RequestOrigin::Sent("https://myapp.com"), domains(), true),
        ] {
            assert_eq!(rule.admits(origin, &domains), expected, "{rule:?} {origin:?} {domains:?}");
        }
    }

    #[test]
    fn a_request_has_one_origin_or_none() {
        let read = |values: &[&'static [u8]]| RequestOrigin::from_headers(values.iter().copied());
        assert_eq!(read(&[]), RequestOrigin::Absent);
        assert_eq!(read(&[b"https://a.com"]), RequestOrigin::Sent("https://a.com"));
        assert_eq!(read(&[b"https://a.com", b"https://a.com"]), RequestOrigin::Unreadable);
        assert_eq!(read(&[b"\xff"]), RequestOrigin::Unreadable);
    }
}
