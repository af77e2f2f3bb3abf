//! Where a meter gets the tokens from with which it reports. It never keeps one.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use reqwest::header::HeaderValue;

/// A token, or why there is none.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<BearerToken, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// Gets tokens for the authority's own resource `turnkeep.management` with the scope `turnkeep.meter`.
/// `turnkeep_client::token_client::TokenClient` does so with a few lines around it (`examples/resource-server`).
pub trait TokenSource: Send + Sync + 'static {
    /// A token that is good for a request now. What an error says is logged.
    fn token(&self) -> TokenFuture<'_>;

    /// The authority did not accept the last one (401): the next should be another.
    fn refused(&self);
}

/// A token (RFC 6750 §2.1). Never printed.
#[derive(Clone)]
pub struct BearerToken(HeaderValue);

impl BearerToken {
    /// `None` if the text cannot be in a header field.
    pub fn parse(token: &str) -> Option<Self> {
        let mut header = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
        header.set_sensitive(true);
        (!token.is_empty()).then_some(Self(header))
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_it() {
        let token = BearerToken::parse("hunter2").unwrap();
        assert_eq!(format!("{token:?}"), "BearerToken(…)");
        assert_eq!(format!("{:?}", token.header()), "Sensitive");
        assert_eq!(token.header().to_str().unwrap(), "Bearer hunter2");
        assert!(BearerToken::parse("").is_none());
        assert!(BearerToken::parse("a\r\nX: y").is_none());
    }
}
