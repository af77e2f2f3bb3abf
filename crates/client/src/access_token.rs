//! A token as an app holds it. Never printed, wiped with its last clone.

use std::fmt;
use std::sync::Arc;

use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use tokio::time::Instant;

use crate::sensitive::Sensitive;

/// A bearer token (RFC 6750). Cloning copies a pointer.
#[derive(Clone)]
pub struct AccessToken(Arc<Inner>);

struct Inner {
    text: Sensitive,
    header: HeaderValue,
    scope: Option<String>,
    expires_at: Instant,
}

impl AccessToken {
    /// `None` if the text is no `b64token` (RFC 6750 §2.1).
    pub(crate) fn new(text: Sensitive, scope: Option<String>, expires_at: Instant) -> Option<Self> {
        if !is_b64token(text.expose()) {
            return None;
        }
        let header = Sensitive::from(format!("Bearer {}", text.expose())).into_header()?;
        Some(Self(Arc::new(Inner { text, header, scope, expires_at })))
    }

    /// Adds the token to a request. The request must go to the resource server that the token is for, over TLS.
    pub fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(AUTHORIZATION, self.0.header.clone())
    }

    /// The value of an `Authorization` header, marked as sensitive: for other HTTP clients.
    pub fn header(&self) -> HeaderValue {
        self.0.header.clone()
    }

    /// The token. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        self.0.text.expose()
    }

    /// The scopes that were granted, space-delimited, if the authority told (RFC 6749 §5.1). They may be fewer
    /// than were asked for.
    pub fn scope(&self) -> Option<&str> {
        self.0.scope.as_deref()
    }

    /// When it expires, counted from before it was asked for.
    pub fn expires_at(&self) -> Instant {
        self.0.expires_at
    }

    /// Whether both are the same answer of the authority.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && body.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Option<AccessToken> {
        AccessToken::new(Sensitive::from(text.to_owned()), None, Instant::now())
    }

    #[test]
    fn only_what_fits_into_a_header_is_a_token() {
        for text in ["a", "eyJ.a-b_c.d~+/==", "0="] {
            assert_eq!(token(text).unwrap().expose(), text);
        }
        for text in ["", "=", "a b", "a=b", "a\r\nX: y", "é", "\"a\""] {
            assert!(token(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn nothing_prints_it() {
        let token = token("hunter2").unwrap();
        assert_eq!(format!("{token:?}"), "AccessToken(…)");
        assert_eq!(format!("{:?}", token.header()), "Sensitive");
        assert_eq!(token.header().to_str().unwrap(), "Bearer hunter2");
        let request = token.authorize(reqwest::Client::new().get("http://127.0.0.1/"));
        assert!(!format!("{request:?}").contains("hunter2"));
    }
}
