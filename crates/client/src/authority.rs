//! Asks the authority for a token: once, without a retry, with bounded time and size.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Client, Url};

use crate::builder::Discovery;
use crate::endpoint::Issuer;
use crate::request::TokenRequest;
use crate::response::{Failure, Grant, receive};
use crate::token_error::Cause;

/// An authority and the way to ask it.
pub(crate) struct Authority {
    pub(crate) http: Client,
    pub(crate) issuer: Issuer,
    pub(crate) endpoint: Endpoint,
    pub(crate) request: TokenRequest,
    /// For one request and its whole answer.
    pub(crate) timeout: Duration,
}

/// How the token endpoint is known.
pub(crate) enum Endpoint {
    /// From the issuer.
    Fixed,
    /// From metadata, kept once it was found.
    Discovered(Discovery, Mutex<Option<Url>>),
}

impl Authority {
    /// Asks for a token, and where to ask for it if that is not known yet.
    pub(crate) async fn grant(&self) -> Result<Grant, Failure> {
        let endpoint = self.token_endpoint().await?;
        let received = receive(self.request.to(&self.http, endpoint), self.timeout).await?;
        let granted = received.into_grant();
        if matches!(&granted, Err(failure) if matches!(failure.cause, Cause::Unusable(_))) {
            // Tokens may have moved since the metadata was read.
            self.remember(None);
        }
        granted
    }

    async fn token_endpoint(&self) -> Result<Url, Failure> {
        let (discovery, known) = match &self.endpoint {
            Endpoint::Fixed => return Ok(self.issuer.token_endpoint()),
            Endpoint::Discovered(discovery, known) => (*discovery, known),
        };
        let known = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(endpoint) = known {
            return Ok(endpoint);
        }
        let request = self.http.get(self.issuer.metadata_url(discovery));
        let request = request.header(ACCEPT, HeaderValue::from_static("application/json"));
        let received = receive(request, self.timeout).await?;
        let endpoint = received.judge(|metadata| self.issuer.discovered_endpoint(metadata))?;
        self.remember(Some(endpoint.clone()));
        Ok(endpoint)
    }

    fn remember(&self, endpoint: Option<Url>) {
        if let Endpoint::Discovered(_, known) = &self.endpoint {
            *known.lock().unwrap_or_else(PoisonError::into_inner) = endpoint;
        }
    }
}
