//! The settings of a client, checked before anything is sent.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{ClientBuilder, Url, redirect, retry};

use crate::authority::{Authority, Endpoint};
use crate::build_error::BuildError;
use crate::endpoint::Issuer;
use crate::flight::Shared;
use crate::request::{Parameters, TokenRequest};
use crate::sensitive::Sensitive;
use crate::state::State;
use crate::token_client::TokenClient;

/// For one request and its whole answer.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// How the secret is presented (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authentication {
    /// In an `Authorization: Basic` header (`client_secret_basic`).
    #[default]
    Basic,
    /// In the body (`client_secret_post`), for authorities that cannot do otherwise.
    Post,
}

/// Which metadata the token endpoint is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discovery {
    /// `/.well-known/oauth-authorization-server` (RFC 8414 §3).
    AuthorizationServer,
    /// `/.well-known/openid-configuration` (OpenID Connect Discovery §4).
    OpenId,
}

/// The settings of a [`TokenClient`].
pub struct TokenClientBuilder {
    issuer: String,
    client_id: String,
    secret: Sensitive,
    scopes: Vec<String>,
    resource: Option<String>,
    authentication: Authentication,
    discovery: Option<Discovery>,
    allow_plain_http: bool,
    timeout: Duration,
    http: ClientBuilder,
}

impl TokenClientBuilder {
    pub(crate) fn new(issuer: String, client_id: String, client_secret: String) -> Self {
        Self {
            issuer,
            client_id,
            secret: Sensitive::from(client_secret),
            scopes: Vec::new(),
            resource: None,
            authentication: Authentication::default(),
            discovery: None,
            allow_plain_http: false,
            timeout: DEFAULT_TIMEOUT,
            http: ClientBuilder::new(),
        }
    }

    /// Asks for one more scope (RFC 6749 §3.3). Without any, the authority grants the app's default.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Asks for a token for this resource (RFC 8707 §2).
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }

    /// Presents the secret in this way; Basic if this is not called.
    #[must_use]
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Looks the token endpoint up instead of taking `{issuer}/connect/token`, with the first token request.
    #[must_use]
    pub fn discover(mut self, discovery: Discovery) -> Self {
        self.discovery = Some(discovery);
        self
    }

    /// The time for one request and its whole answer; 10 s if this is not called. Discovery is a request of its
    /// own.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The HTTP client to build upon: its certificates, proxy, resolver, and so on. Whatever it says, redirects
    /// are not followed, requests are not repeated, what crosses the connection is not logged, and plain HTTP
    /// takes no proxy.
    #[must_use]
    pub fn http(mut self, http: ClientBuilder) -> Self {
        self.http = http;
        self
    }

    /// Lets the secret and the tokens cross a network in the clear. Without it, only an issuer on a loopback
    /// address may have an `http` URL.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Checks the settings. Sends nothing, and needs no runtime.
    pub fn build(self) -> Result<TokenClient, BuildError> {
        let issuer = Issuer::parse(self.issuer, self.allow_plain_http)?;
        if self.client_id.is_empty() {
            return Err(BuildError::ClientId);
        }
        if self.secret.expose().is_empty() {
            return Err(BuildError::ClientSecret);
        }
        if !self.scopes.iter().all(|scope| is_scope(scope)) {
            return Err(BuildError::Scope);
        }
        if !self.resource.iter().all(|resource| is_resource(resource)) {
            return Err(BuildError::Resource);
        }
        let request = TokenRequest::new(&Parameters {
            client_id: &self.client_id,
            secret: &self.secret,
            authentication: self.authentication,
            scopes: &self.scopes,
            resource: self.resource.as_deref(),
        });
        let endpoint = self
            .discovery
            .map_or(Endpoint::Fixed, |discovery| Endpoint::Discovered(discovery, Mutex::default()));
        let http = hardened(self.http, issuer.is_plain_http());
        let http = http.build().map_err(|error| BuildError::Http(Arc::new(error)))?;
        let authority = Authority { http, issuer, endpoint, request, timeout: self.timeout };
        let state = Mutex::new(State::default());
        Ok(TokenClient::new(Shared { client_id: self.client_id, authority, state }))
    }
}

fn hardened(http: ClientBuilder, is_plain_http: bool) -> ClientBuilder {
    let http = http
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connection_verbose(false);
    // A proxy would read the secret, and loopback addresses mean this machine, not the proxy's.
    if is_plain_http { http.no_proxy() } else { http }
}

/// `1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 §3.3).
fn is_scope(scope: &str) -> bool {
    !scope.is_empty() && scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// RFC 8707 §2.
fn is_resource(resource: &str) -> bool {
    Url::parse(resource).is_ok_and(|url| url.fragment().is_none())
}

impl fmt::Debug for TokenClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenClientBuilder")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
