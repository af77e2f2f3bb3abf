//! The way to a token: from memory, or from the one request that all callers wait for.

use std::fmt;
use std::sync::Arc;

use reqwest::RequestBuilder;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::access_token::AccessToken;
use crate::builder::TokenClientBuilder;
use crate::flight::{Flight, Shared};
use crate::state::{Look, Outcome};
use crate::token_error::{Cause, TokenError};

/// A request that is interrupted is made again so often.
const ATTEMPTS: u32 = 2;

/// Gets, keeps and renews the token of one app for one set of scopes and one resource. Clones share everything.
#[derive(Clone)]
pub struct TokenClient(Arc<Shared>);

impl TokenClient {
    /// Begins the settings: the issuer's URL, such as `https://id.example.com`, and the app's credentials.
    pub fn builder(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> TokenClientBuilder {
        TokenClientBuilder::new(issuer.into(), client_id.into(), client_secret.into())
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// A token that is good for the tenth of its life, or 10 s, that a request may take to arrive.
    ///
    /// It comes from memory if there is one; from a point between 60 % and 80 % of its life on, the first caller
    /// also starts its renewal in the background. Without one, all callers wait for the same request, which goes
    /// on if they go away. A failed request is not repeated before [`TokenError::retry_at`]; until then callers
    /// get the token as long as it is good, and the error from then on.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn token(&self) -> Result<AccessToken, TokenError> {
        for _ in 0..ATTEMPTS {
            match self.look() {
                Look::Token(token) => return Ok(token),
                Look::Failure(failure) => return Err(failure),
                Look::Flight(flight) => {
                    if let Some(outcome) = landing(flight).await {
                        return outcome;
                    }
                }
            }
        }
        Err(TokenError::new(Cause::Interrupted, Instant::now()))
    }

    /// Adds a token to a request, as [`AccessToken::authorize`] does.
    pub async fn authorize(&self, request: RequestBuilder) -> Result<RequestBuilder, TokenError> {
        Ok(self.token().await?.authorize(request))
    }

    /// Says that a resource server does not accept this token any more (401, RFC 6750 §3.1), although it has not
    /// expired. Returns whether the call is worth repeating with another token. It is not if a token was given up
    /// less than a second ago: then the fault is not the token's.
    pub fn invalidate(&self, token: &AccessToken) -> bool {
        self.0.state().invalidate(token, Instant::now())
    }

    /// Why the last request brought no token; `None` if it did. For health checks: while a token is good,
    /// [`TokenClient::token`] does not tell that it could not be renewed.
    pub fn last_failure(&self) -> Option<TokenError> {
        self.0.state().failure().cloned()
    }

    fn look(&self) -> Look {
        let (look, flight) = self.0.state().look(Instant::now());
        if let Some(outcome) = flight {
            Flight::start(Arc::clone(&self.0), outcome);
        }
        look
    }
}

/// How a request ended; `None` if it never did.
async fn landing(mut flight: watch::Receiver<Outcome>) -> Outcome {
    flight.wait_for(Option::is_some).await.ok()?.clone()
}

impl fmt::Debug for TokenClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenClient")
            .field("issuer", &self.0.authority.issuer.as_str())
            .field("client_id", &self.0.client_id)
            .finish_non_exhaustive()
    }
}
