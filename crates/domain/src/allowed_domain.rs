//! Allowed domains: security metadata of an app, carried in its tokens (seed 000 §3, seed 001).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Why a text is not an allowed domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllowedDomainError {
    /// Nothing is left after the scheme and slashes are removed.
    #[error("must not be empty")]
    Empty,
    /// Longer than a host name with a port can be.
    #[error("must have at most {} characters", AllowedDomain::MAX_LENGTH)]
    TooLong,
    /// A `*` (seed 000: "wildcards are rejected").
    #[error("must not have a wildcard")]
    Wildcard,
    /// A user name or password before an `@`.
    #[error("must not have user information")]
    UserInfo,
    /// Something after the host.
    #[error("must not have a path, query or fragment")]
    PathQueryOrFragment,
    /// A port outside of 1 to 65535 (seed 001: "ports must be in the valid range").
    #[error("the port must be a number from 1 to 65535")]
    Port,
    /// Neither a host name with at least two labels, nor an IP literal, nor `localhost`.
    #[error("must be a host name such as `app.example.com`, an IP address or `localhost`")]
    Host,
    /// More than [`AllowedDomains::SLOTS`].
    #[error("at most {} allowed domains", AllowedDomains::SLOTS)]
    TooMany,
    /// The same domain twice after normalising (seed 001: "duplicate domains are rejected").
    #[error("is listed twice")]
    Duplicate,
}

/// A host with an optional port in its one canonical form: lower-case A-labels (RFC 5891), no scheme, no path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AllowedDomain(String);

impl AllowedDomain {
    /// The longest accepted input, in bytes: a host name of 253, a scheme, a port and some slashes.
    pub const MAX_LENGTH: usize = 300;

    /// Normalises as the seeds say: `https://app.example.com/` becomes `app.example.com`,
    /// `http://localhost:3000/` becomes `localhost:3000`.
    pub fn parse(text: &str) -> Result<Self, AllowedDomainError> {
        if Self::MAX_LENGTH < text.len() {
            return Err(AllowedDomainError::TooLong);
        }
        let text = strip_scheme(text.trim()).trim_end_matches('/');
        if text.is_empty() {
            return Err(AllowedDomainError::Empty);
        }
        if text.contains('*') {
            return Err(AllowedDomainError::Wildcard);
        }
        if text.contains('@') {
            return Err(AllowedDomainError::UserInfo);
        }
        if text.contains(['/', '\\', '?', '#']) {
            return Err(AllowedDomainError::PathQueryOrFragment);
        }
        let (host, port) = split_port(text)?;
        let host = canonical_host(host)?;
        Ok(Self(match port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }))
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AllowedDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn strip_scheme(text: &str) -> &str {
    for scheme in ["https://", "http://"] {
        if let Some((head, rest)) = text.split_at_checked(scheme.len())
            && head.eq_ignore_ascii_case(scheme)
        {
            return rest;
        }
    }
    text
}

fn split_port(text: &str) -> Result<(&str, Option<u16>), AllowedDomainError> {
    let (host, port) = match text.strip_prefix('[') {
        Some(literal) => {
            let (_, after) = literal.split_once(']').ok_or(AllowedDomainError::Host)?;
            let host = text.strip_suffix(after).ok_or(AllowedDomainError::Host)?;
            match after.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if after.is_empty() => (host, None),
                None => return Err(AllowedDomainError::Host),
            }
        }
        None => match text.split_once(':') {
            // Two colons: an IPv6 address without its brackets, or nonsense.
            Some((_, port)) if port.contains(':') => return Err(AllowedDomainError::Host),
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let port = match port {
        None => None,
        Some(digits) if digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            let number = digits.parse::<u16>().map_err(|_| AllowedDomainError::Port)?;
            if number == 0 {
                return Err(AllowedDomainError::Port);
            }
            Some(number)
        }
        Some(_) => return Err(AllowedDomainError::Port),
    };
    Ok((host, port))
}

fn canonical_host(host: &str) -> Result<String, AllowedDomainError> {
    if let Some(literal) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = literal.parse().map_err(|_| AllowedDomainError::Host)?;
        // `[::ffff:127.0.0.1]` is a second spelling of an IPv4 address.
        return match address.to_ipv4() {
            Some(_) if !address.is_loopback() => Err(AllowedDomainError::Host),
            Some(_) | None => Ok(format!("[{address}]")),
        };
    }
    let name = idna::domain_to_ascii_strict(host).map_err(|_| AllowedDomainError::Host)?;
    if name == "localhost" {
        return Ok(name);
    }
    let Some((_, last_label)) = name.rsplit_once('.') else {
        return Err(AllowedDomainError::Host);
    };
    if last_label.is_empty() {
        return Err(AllowedDomainError::Host);
    }
    // A browser takes whatever ends in a number for an IPv4 address (WHATWG URL, "ends in a number checker"),
    // so only the usual dotted form of one is allowed.
    let hexadecimal =
        last_label.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    if hexadecimal || last_label.bytes().all(|b| b.is_ascii_digit()) {
        let address: Ipv4Addr = name.parse().map_err(|_| AllowedDomainError::Host)?;
        return Ok(address.to_string());
    }
    Ok(name)
}

/// The three slots of an app: by convention production, staging, local development (seed 000 §3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowedDomains([Option<AllowedDomain>; AllowedDomains::SLOTS]);

impl AllowedDomains {
    /// How many domains an app may have.
    pub const SLOTS: usize = 3;

    /// Refuses the same domain in two slots.
    pub fn new(slots: [Option<AllowedDomain>; Self::SLOTS]) -> Result<Self, AllowedDomainError> {
        let filled: Vec<&AllowedDomain> = slots.iter().flatten().collect();
        let duplicate =
            filled.iter().enumerate().any(|(index, domain)| filled.iter().take(index).any(|d| d == domain));
        if duplicate { Err(AllowedDomainError::Duplicate) } else { Ok(Self(slots)) }
    }

    /// Parses up to three texts into the slots in their order; an empty text leaves its slot empty.
    pub fn parse_slots<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, AllowedDomainError> {
        let mut slots = [const { None }; Self::SLOTS];
        let mut free = slots.iter_mut();
        for text in texts {
            let slot = free.next().ok_or(AllowedDomainError::TooMany)?;
            if !text.trim().is_empty() {
                *slot = Some(AllowedDomain::parse(text)?);
            }
        }
        Self::new(slots)
    }

    /// The three slots in order.
    pub fn slots(&self) -> &[Option<AllowedDomain>; Self::SLOTS] {
        &self.0
    }

    /// The filled slots, each with its number from 1.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &AllowedDomain)> {
        self.0.iter().enumerate().filter_map(|(index, slot)| slot.as_ref().map(|domain| (index + 1, domain)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::AllowedDomainError::*;
    use super::*;

    fn normalised(text: &str) -> Result<String, AllowedDomainError> {
        AllowedDomain::parse(text).map(|domain| domain.0)
    }

    #[test]
    fn seed_000_and_001_normalisation() {
        for (text, expected) in [
            ("https://app.example.com/", "app.example.com"),
            ("http://localhost:3000/", "localhost:3000"),
            ("myapp.com", "myapp.com"),
            ("staging.myapp.com", "staging.myapp.com"),
            ("localhost", "localhost"),
            ("LOCALHOST:3000", "localhost:3000"),
            ("HTTPS://EXAMPLE.com//", "example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("app\u{ff0e}example\u{3002}com", "app.example.com"),
            ("\u{217c}ocalhost", "localhost"),
            ("ex\u{200b}ample.com", "example.com"),
            ("example.com:08080", "example.com:8080"),
            ("example.com:65535", "example.com:65535"),
            ("192.0.2.7:8443", "192.0.2.7:8443"),
            ("[2001:DB8:0:0:0:0:0:1]:443", "[2001:db8::1]:443"),
            ("http://[::1]/", "[::1]"),
        ] {
            assert_eq!(normalised(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn refusals() {
        for (text, expected) in [
            ("", Empty),
            ("https://", Empty),
            ("///", Empty),
            ("*.example.com", Wildcard),
            ("https://*", Wildcard),
            ("user@example.com", UserInfo),
            ("https://u:p@example.com", UserInfo),
            ("example.com/path", PathQueryOrFragment),
            ("example.com/..", PathQueryOrFragment),
            ("example.com?x=1", PathQueryOrFragment),
            ("example.com#", PathQueryOrFragment),
            ("example.com\\x", PathQueryOrFragment),
            ("ftp://example.com", PathQueryOrFragment),
            ("https://https://example.com", PathQueryOrFragment),
            ("localhost:", Port),
            ("localhost:0", Port),
            ("localhost:65536", Port),
            ("localhost:99999", Port),
            ("localhost:+80", Port),
            ("localhost:http", Port),
            ("localhost:000080", Port),
            ("example", Host),
            ("example.com.", Host),
            ("example..com", Host),
            (".example.com", Host),
            ("exa mple.com", Host),
            ("exa_mple.com", Host),
            ("-example.com", Host),
            ("xn--a.example", Host),
            ("2130706433", Host),
            ("127.1", Host),
            ("0x7f.0.0.1", Host),
            ("127.0.0.0x1", Host),
            ("010.0.0.1", Host),
            ("256.0.0.1", Host),
            ("::1", Host),
            ("[::1", Host),
            ("[::1]x", Host),
            ("[::ffff:127.0.0.1]", Host),
            ("[fe80::1%eth0]", Host),
            ("a\0b.com", Host),
        ] {
            assert_eq!(normalised(text), Err(expected), "{text:?}");
        }
        assert_eq!(normalised(&"a".repeat(301)), Err(TooLong));
        assert_eq!(normalised(&format!("{}.com", "a".repeat(64))), Err(Host));
    }

    #[test]
    fn three_slots_without_duplicates() {
        let domains = AllowedDomains::parse_slots(["myapp.com", "", "localhost:3000"]).unwrap();
        let filled: Vec<_> = domains.filled().map(|(slot, domain)| (slot, domain.as_str())).collect();
        assert_eq!(filled, [(1, "myapp.com"), (3, "localhost:3000")]);
        assert_eq!(AllowedDomains::parse_slots(["a.com", "b.com", "c.com", "d.com"]), Err(TooMany));
        assert_eq!(AllowedDomains::parse_slots(["a.com", "https://A.com/"]), Err(Duplicate));
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(text in "\\PC{0,40}|[a-zA-Z0-9.:/@*\\[\\]-]{0,40}") {
            if let Ok(domain) = AllowedDomain::parse(&text) {
                prop_assert_eq!(AllowedDomain::parse(domain.as_str()), Ok(domain.clone()));
                prop_assert!(domain.as_str().is_ascii());
                prop_assert!(!domain.as_str().contains(['/', '@', '*', '?', '#', ' ']));
            }
        }
    }
}
