//! Where a request carries its token: in one `Authorization` header (RFC 6750 §2), or a reference token in one
//! `X-Api-Key` header, and nowhere else.

use std::fmt;

use url::form_urlencoded;

use crate::origin::RequestOrigin;
use crate::refusal::AccessRefusal;
use crate::rejection::TokenRejection;

/// The header for reference tokens, for clients that cannot send another one. In lower case.
pub const API_KEY_HEADER: &str = "x-api-key";

/// Why credentials are refused before anybody looks at the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CredentialsError {
    /// In the URL, where logs and other people find it (RFC 9700 §4.3.2).
    #[error("a token must not be in the query")]
    TokenInQuery,
    /// More than one `Authorization` header (RFC 6750 §2: one method per request).
    #[error("more than one authorization header")]
    Several,
    /// A token in two places, or two API keys: another reader might see the other one.
    #[error("more than one credential")]
    TwoPlaces,
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
    /// From the values of all `Authorization`, [`X-Api-Key`](API_KEY_HEADER) and `Origin` headers, and the query.
    pub fn read(
        authorization: impl IntoIterator<Item = &'a [u8]>,
        api_key: impl IntoIterator<Item = &'a [u8]>,
        origin: impl IntoIterator<Item = &'a [u8]>,
        query: Option<&str>,
    ) -> Result<Self, AccessRefusal> {
        let mut authorization = authorization.into_iter().peekable();
        let token = match reference_token_in(api_key)? {
            Some(_) if authorization.peek().is_some() => return Err(CredentialsError::TwoPlaces.into()),
            Some(_) if query.is_some_and(has_token) => return Err(CredentialsError::TokenInQuery.into()),
            Some(token) => token,
            None => bearer_token(authorization, query)?,
        };
        Ok(Self { token: PresentedToken(token), origin: RequestOrigin::from_headers(origin) })
    }
}

/// The reference token of a request, from the values of all its API key headers. Access tokens have a header of their
/// own.
fn reference_token_in<'a>(
    api_key: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Option<&'a str>, AccessRefusal> {
    let mut values = api_key.into_iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let key = std::str::from_utf8(value).ok().map(str::trim).filter(|key| is_reference_token(key));
            key.map(Some).ok_or(AccessRefusal::InvalidToken(TokenRejection::Malformed))
        }
        (Some(_), Some(_)) => Err(CredentialsError::TwoPlaces.into()),
    }
}

/// Whether a text has the form of a reference token: the prefix of a personal or a service access token, 52 characters
/// and 7 of checksum. It says nothing about whether there is such a token.
pub fn is_reference_token(text: &str) -> bool {
    let body = text.strip_prefix("tkpat_").or_else(|| text.strip_prefix("tksat_"));
    body.is_some_and(|body| {
        body.len() == 59 && body.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
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

    /// `Authorization` headers, API keys and query; the token.
    type KeyCase<'a> = (&'a [&'a str], &'a [&'a str], Option<&'a str>, Result<&'a str, AccessRefusal>);

    #[test]
    fn a_reference_token_may_be_an_api_key_and_then_nothing_else() {
        let pat = format!("tkpat_{}", "0".repeat(59));
        let sat = format!("tksat_{}", "z".repeat(59));
        let not_a_token = || AccessRefusal::InvalidToken(TokenRejection::Malformed);
        let (two, in_query) =
            (|| CredentialsError::TwoPlaces.into(), || CredentialsError::TokenInQuery.into());
        let bearer = format!("Bearer {pat}");
        let read = |authorization: &[&str], api_key: &[&str], query| {
            let bytes = |values: &[&str]| values.iter().map(|value| value.as_bytes().to_vec()).collect();
            let (authorization, api_key): (Vec<Vec<u8>>, Vec<Vec<u8>>) =
                (bytes(authorization), bytes(api_key));
            let (authorization, api_key) = (authorization.iter(), api_key.iter());
            let request =
                AccessRequest::read(authorization.map(Vec::as_slice), api_key.map(Vec::as_slice), [], query);
            request.map(|request| request.token.reveal().to_owned())
        };
        let cases: [KeyCase<'_>; 11] = [
            (&[], &[&pat], None, Ok(&pat)),
            (&[], &[&sat], Some("page=2"), Ok(&sat)),
            (&[&bearer], &[], None, Ok(&pat)),
            (&[], &[], None, Err(AccessRefusal::NoCredentials)),
            (&[&bearer], &[&pat], None, Err(two())),
            (&["Basic YTpi"], &[&pat], None, Err(two())),
            (&[], &[&pat, &pat], None, Err(two())),
            (&[], &[&pat], Some("access_token=abc"), Err(in_query())),
            (&[], &["a.b.c"], None, Err(not_a_token())),
            (&[], &["tkpat_short"], None, Err(not_a_token())),
            (&[], &[""], None, Err(not_a_token())),
        ];
        for (authorization, api_key, query, expected) in cases {
            let expected = expected.map(str::to_owned);
            assert_eq!(
                read(authorization, api_key, query),
                expected,
                "{authorization:?} {api_key:?} {query:?}"
            );
        }
    }

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
