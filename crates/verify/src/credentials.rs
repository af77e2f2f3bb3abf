//! Where a request carries its token (RFC 6750 §2): in one `Authorization` header, and nowhere else.

use std::fmt;

use url::form_urlencoded;

use crate::origin::RequestOrigin;
use crate::refusal::AccessRefusal;

/// Why credentials are refused before anybody looks at the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CredentialsError {
    /// In the URL, where logs and other people find it (RFC 9700 §4.3.2).
    #[error("a token must not be in the query")]
    TokenInQuery,
    /// More than one `Authorization` header (RFC 6750 §2: one method per request).
    #[error("more than one authorization header")]
    Several,
    /// Not `Bearer` and a token after it.
    #[error("the authorization header is malformed")]
    Malformed,
}

/// What a request says about who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessRequest<'a> {
    /// The token, not yet looked at.
    pub token: PresentedToken<'a>,
    /// Where the request comes from, if a browser sent it.
    pub origin: RequestOrigin<'a>,
}

impl<'a> AccessRequest<'a> {
    /// From the values of all `Authorization` and `Origin` headers, and the query.
    pub fn read(
        authorization: impl IntoIterator<Item = &'a [u8]>,
        origin: impl IntoIterator<Item = &'a [u8]>,
        query: Option<&str>,
    ) -> Result<Self, AccessRefusal> {
        let token = PresentedToken(bearer_token(authorization, query)?);
        Ok(Self { token, origin: RequestOrigin::from_headers(origin) })
    }
}

/// The text of a token that somebody presented. Whoever has it can use it, so it cannot be printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PresentedToken<'a>(&'a str);

impl<'a> PresentedToken<'a> {
    /// The text.
    pub const fn reveal(&self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for PresentedToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedToken(…)")
    }
}

/// The bearer token of a request, from the values of all its `Authorization` headers and its query. A token in a form
/// body is not looked for: it is no credential here.
pub fn bearer_token<'a>(
    authorization: impl IntoIterator<Item = &'a [u8]>,
    query: Option<&str>,
) -> Result<&'a str, AccessRefusal> {
    if query.is_some_and(has_token) {
        return Err(CredentialsError::TokenInQuery.into());
    }
    let mut values = authorization.into_iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Err(AccessRefusal::NoCredentials),
        (Some(value), None) => std::str::from_utf8(value).map_err(|_| CredentialsError::Malformed)?,
        (Some(_), Some(_)) => return Err(CredentialsError::Several.into()),
    };
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(AccessRefusal::NoCredentials);
    }
    // RFC 9110 §11.4 allows several spaces.
    let token = token.trim_matches(' ');
    if token.is_empty() || !token.bytes().all(is_token_byte) {
        return Err(CredentialsError::Malformed.into());
    }
    Ok(token)
}

/// `b64token` of RFC 6750 §2.1.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

fn has_token(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Authorization` headers and query; the token.
    type Case = (&'static [&'static [u8]], Option<&'static str>, Result<&'static str, AccessRefusal>);

    #[test]
    fn a_token_is_read_from_one_header_only() {
        let (malformed, in_query) =
            (CredentialsError::Malformed.into(), CredentialsError::TokenInQuery.into());
        let cases: [Case; 19] = [
            (&[b"Bearer a.b-c_d"], None, Ok("a.b-c_d")),
            (&[b"bearer abc"], Some("a=1&b=access_token"), Ok("abc")),
            (&[b"BEARER   abc"], Some(""), Ok("abc")),
            (&[], None, Err(AccessRefusal::NoCredentials)),
            (&[b"Basic YTpi"], None, Err(AccessRefusal::NoCredentials)),
            (&[b"DPoP abc"], None, Err(AccessRefusal::NoCredentials)),
            (&[b"Bearerabc"], None, Err(AccessRefusal::NoCredentials)),
            (&[b""], None, Err(AccessRefusal::NoCredentials)),
            (&[b"Bearer"], None, Err(AccessRefusal::BadCredentials(CredentialsError::Malformed))),
            (&[b"Bearer "], None, Err(AccessRefusal::BadCredentials(CredentialsError::Malformed))),
            (&[b"Bearer a b"], None, Err(AccessRefusal::BadCredentials(CredentialsError::Malformed))),
            (&[b"Bearer a,b"], None, Err(AccessRefusal::BadCredentials(CredentialsError::Malformed))),
            (&[b"Bearer a\tb"], None, Err(AccessRefusal::BadCredentials(CredentialsError::Malformed))),
            (&[b"Bearer \xff"], None, Err(malformed)),
            (&[b"Bearer a", b"Bearer a"], None, Err(CredentialsError::Several.into())),
            (&[b"Basic YTpi", b"Bearer a"], None, Err(CredentialsError::Several.into())),
            (&[], Some("access_token=abc"), Err(in_query)),
            (&[b"Bearer abc"], Some("x=1&access_token"), Err(CredentialsError::TokenInQuery.into())),
            (&[b"Bearer abc"], Some("acc%65ss_token=abc"), Err(CredentialsError::TokenInQuery.into())),
        ];
        for (headers, query, expected) in cases {
            assert_eq!(bearer_token(headers.iter().copied(), query), expected, "{headers:?} {query:?}");
        }
    }
}
