//! A URL that somebody else chose and that we are to ask: what can be refused before its name is resolved.
//! The address it leads to is judged by the client, at every request.

use std::net::IpAddr;

use url::{Host, Url};

use crate::address::is_public;
use crate::allow_list::AllowList;
use crate::host_name;

/// Why a URL may not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// More than [`OutboundTarget::MAX_LENGTH`] characters.
    #[error("must have at most {} characters", OutboundTarget::MAX_LENGTH)]
    TooLong,
    /// No absolute URL with a host, or one with characters that parsers disagree about.
    #[error("must be an absolute URL of visible ASCII characters, without a backslash")]
    NotAUrl,
    /// Neither https nor http.
    #[error("must use https")]
    Scheme,
    /// http to a host that the operator has not listed.
    #[error("must use https; plain http is for hosts that the operator has listed")]
    HttpsRequired,
    /// A user name or password.
    #[error("must not have user information")]
    UserInfo,
    /// A `?`.
    #[error("must not have a query")]
    Query,
    /// A `#`.
    #[error("must not have a fragment")]
    Fragment,
    /// Port 0.
    #[error("must not have port 0")]
    Port,
    /// A host that is not on the public internet and that the operator has not listed.
    #[error("must lead to a host of the public internet, or to one that the operator has listed")]
    NotPublic,
}

/// A URL that may be asked as far as its text shows, in the normal form of the URL Standard: what was judged is what
/// gets asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundTarget(Url);

impl OutboundTarget {
    /// The longest URL, in characters.
    pub const MAX_LENGTH: usize = 2_000;

    /// Accepts https URLs to hosts that can be public, and what `allow_list` lists; without user information, query
    /// and fragment.
    pub fn parse(text: &str, allow_list: &AllowList) -> Result<Self, TargetError> {
        if Self::MAX_LENGTH < text.len() {
            return Err(TargetError::TooLong);
        }
        // Parsers skip, map or translate the rest, each in its own way.
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
            return Err(TargetError::NotAUrl);
        }
        if text.contains('#') {
            return Err(TargetError::Fragment);
        }
        if text.contains('?') {
            return Err(TargetError::Query);
        }
        let url = Url::parse(text).map_err(|_| TargetError::NotAUrl)?;
        if text.split('/').nth(2).is_some_and(|authority| authority.contains('@')) {
            return Err(TargetError::UserInfo);
        }
        Origin::judge(&url, allow_list)?;
        Ok(Self(url))
    }

    /// The URL in its normal form.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The URL in its normal form, as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Whom a URL asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A host to be resolved: its name, lower case.
    Name { name: String, port: u16, listed: bool },
    /// An address, which has been judged.
    Address,
}

impl Origin {
    /// Judges scheme, user information, host and port of a URL.
    pub(crate) fn judge(url: &Url, allow_list: &AllowList) -> Result<Self, TargetError> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(TargetError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::UserInfo);
        }
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or(TargetError::Port)?;
        let (origin, listed) = match url.host().ok_or(TargetError::NotAUrl)? {
            Host::Domain(name) => judge_name(name, port, allow_list)?,
            Host::Ipv4(address) => judge_address(address.into(), port, allow_list)?,
            Host::Ipv6(address) => judge_address(address.into(), port, allow_list)?,
        };
        if url.scheme() == "http" && !listed {
            return Err(TargetError::HttpsRequired);
        }
        Ok(origin)
    }
}

fn judge_name(name: &str, port: u16, allow_list: &AllowList) -> Result<(Origin, bool), TargetError> {
    let listed = allow_list.lists_name(name, port);
    let may_be_asked = listed || (host_name::is_well_formed(name) && host_name::can_be_public(name));
    if !may_be_asked {
        return Err(TargetError::NotPublic);
    }
    Ok((Origin::Name { name: name.to_owned(), port, listed }, listed))
}

fn judge_address(address: IpAddr, port: u16, allow_list: &AllowList) -> Result<(Origin, bool), TargetError> {
    let listed = allow_list.lists_address(address, port);
    if !listed && !is_public(address) {
        return Err(TargetError::NotPublic);
    }
    Ok((Origin::Address, listed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<TargetError> {
        OutboundTarget::parse(text, &AllowList::empty()).err()
    }

    #[test]
    fn a_public_https_url_is_accepted_in_its_normal_form() {
        let cases = [
            ("https://s3.eu-central-1.amazonaws.com", "https://s3.eu-central-1.amazonaws.com/"),
            ("HTTPS://S3.Example.COM:443/Base", "https://s3.example.com/Base"),
            ("https://s3.example.com:9000/", "https://s3.example.com:9000/"),
            ("https://8.8.8.8", "https://8.8.8.8/"),
            ("https://0x08080808", "https://8.8.8.8/"),
            ("https://[2606:4700::1]", "https://[2606:4700::1]/"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example/"),
        ];
        for (text, normal) in cases {
            let target = OutboundTarget::parse(text, &AllowList::empty()).unwrap();
            assert_eq!(target.as_str(), normal, "{text}");
        }
    }

    #[test]
    fn every_spelling_of_a_place_that_is_not_public_is_refused() {
        let hosts = [
            "127.0.0.1",
            "127.1",
            "0",
            "0.0.0.0",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0177.0.0.1",
            "%31%32%37.0.0.1",
            "127.0.0.1.",
            "10.0.0.1",
            "167772161",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "168.63.129.16",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "metadata.google.internal.",
            "metadata.goog",
            "instance-data",
            "minio",
            "s3.example.com.",
            "s3..example.com",
            "s3.example.com,evil",
        ];
        for host in hosts {
            let text = format!("https://{host}/");
            assert_eq!(refusal(&text), Some(TargetError::NotPublic), "{text}");
        }
    }

    #[test]
    fn anything_but_a_plain_https_url_is_refused_with_its_reason() {
        let cases = [
            ("", TargetError::NotAUrl),
            ("s3.example.com", TargetError::NotAUrl),
            ("/bucket", TargetError::NotAUrl),
            ("https://", TargetError::NotAUrl),
            ("https://s3.example.com/a b", TargetError::NotAUrl),
            ("https://s3.example.com\\@127.0.0.1/", TargetError::NotAUrl),
            ("https://s3.exa\tmple.com", TargetError::NotAUrl),
            ("https://s3.example.com\n", TargetError::NotAUrl),
            ("https://１２７.０.０.１", TargetError::NotAUrl),
            ("https://s3.example.com:99999", TargetError::NotAUrl),
            ("https://999.1.1.1", TargetError::NotAUrl),
            ("https://[::1%25eth0]", TargetError::NotAUrl),
            ("http://s3.example.com", TargetError::HttpsRequired),
            ("http://8.8.8.8", TargetError::HttpsRequired),
            ("ftp://s3.example.com", TargetError::Scheme),
            ("file:///etc/passwd", TargetError::Scheme),
            ("gopher://s3.example.com", TargetError::Scheme),
            ("unix:/run/docker.sock", TargetError::Scheme),
            ("data:text/plain,x", TargetError::Scheme),
            ("https://user@s3.example.com", TargetError::UserInfo),
            ("https://user:password@s3.example.com", TargetError::UserInfo),
            ("https://@s3.example.com", TargetError::UserInfo),
            ("https://:@s3.example.com", TargetError::UserInfo),
            ("https://s3.example.com/?x=y", TargetError::Query),
            ("https://s3.example.com/?", TargetError::Query),
            ("https://s3.example.com/#x", TargetError::Fragment),
            ("https://s3.example.com:0", TargetError::Port),
        ];
        for (text, expected) in cases {
            assert_eq!(refusal(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn the_longest_url_is_accepted_and_a_longer_one_is_not() {
        let begin = "https://s3.example.com/";
        let longest = format!("{begin}{}", "a".repeat(OutboundTarget::MAX_LENGTH - begin.len()));
        assert_eq!(refusal(&longest), None);
        assert_eq!(refusal(&format!("{longest}a")), Some(TargetError::TooLong));
    }

    #[test]
    fn what_the_operator_lists_passes_also_over_http_and_the_rest_does_not() {
        let list = AllowList::parse(["minio:9000", "10.1.0.0/16", "[::1]:9000"]).unwrap();
        let cases = [
            ("http://minio:9000", None),
            ("https://MINIO:9000", None),
            ("http://minio:9001", Some(TargetError::NotPublic)),
            ("http://minio", Some(TargetError::NotPublic)),
            ("http://10.1.2.3:1234", None),
            ("http://[::ffff:10.1.2.3]", None),
            ("http://0x0a010203", None),
            ("https://10.2.0.0", Some(TargetError::NotPublic)),
            ("http://[::1]:9000", None),
            ("http://[::1]", Some(TargetError::NotPublic)),
            ("http://127.0.0.1:9000", Some(TargetError::NotPublic)),
            ("http://s3.example.com", Some(TargetError::HttpsRequired)),
            ("gopher://minio:9000", Some(TargetError::Scheme)),
            ("http://user@minio:9000", Some(TargetError::UserInfo)),
        ];
        for (text, expected) in cases {
            assert_eq!(OutboundTarget::parse(text, &list).err(), expected, "{text}");
        }
    }
}
