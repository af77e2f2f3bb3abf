//! One request to a URL that somebody else chose. Resolves once, judges every address, connects to a judged address
//! and to nothing else, follows nothing, keeps nothing, and stops at its limits (requirements C 59-61).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::redirect;
use url::Url;

use crate::allow_list::AllowList;
use crate::lookup::{LookupError, Lookups};
use crate::pinned::Pinned;
use crate::resolver::Resolver;
use crate::target::{Origin, TargetError};

/// How far a request may go. The head of an answer has fixed limits: 100 fields and about 400 KiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The time for a connection, TLS included.
    pub connect: Duration,
    /// The time for everything, from the resolution of the name to the last byte.
    pub total: Duration,
    /// The size of an answer's body, in bytes.
    pub body_bytes: usize,
}

/// What a host answered; a redirect is an answer like any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, within [`Limits::body_bytes`].
    pub body: Vec<u8>,
}

/// Why there is no answer. For our log: told to whoever chose the URL, it would make us their port scanner
/// (requirement C 62).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The URL may not be asked.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The name has no address.
    #[error("the host name does not resolve")]
    UnknownHost,
    /// The name resolves to an address that may not be asked.
    #[error("the host name resolves to an address that is not allowed")]
    RefusedAddress,
    /// The time was up.
    #[error("no complete answer in time")]
    TimedOut,
    /// The body is larger than its limit.
    #[error("the answer is too large")]
    TooLarge,
    /// Connecting, TLS or the protocol failed.
    #[error("the connection failed")]
    Connection,
    /// Too many names are being looked up.
    #[error("too many lookups are running")]
    Busy,
    /// This machine could not set up a request.
    #[error("could not set up the request")]
    Setup,
}

/// Makes requests to URLs that somebody else chose. Blocks: call it where blocking is allowed, and never from
/// asynchronous code.
pub struct GuardedClient {
    allow_list: AllowList,
    lookups: Lookups,
    limits: Limits,
}

impl GuardedClient {
    /// A client that reaches the public internet and what `allow_list` lists.
    pub fn new(allow_list: AllowList, resolver: Arc<dyn Resolver>, limits: Limits) -> Self {
        Self { allow_list, lookups: Lookups::new(resolver), limits }
    }

    /// What may be asked beyond the public internet.
    pub fn allow_list(&self) -> &AllowList {
        &self.allow_list
    }

    /// Sends a GET. The URL is judged again, for it may have been saved under another allow-list.
    pub fn get(&self, url: &Url) -> Result<Answer, FetchError> {
        self.send(url, reqwest::Client::get)
    }

    /// The same as a POST with a form: `application/x-www-form-urlencoded`, encoded by the caller.
    pub fn post_form(&self, url: &Url, form: &str) -> Result<Answer, FetchError> {
        self.send(url, |client, url| {
            let form_type = "application/x-www-form-urlencoded";
            client.post(url).header(reqwest::header::CONTENT_TYPE, form_type).body(form.to_owned())
        })
    }

    fn send(
        &self,
        url: &Url,
        request: impl FnOnce(&reqwest::Client, Url) -> reqwest::RequestBuilder,
    ) -> Result<Answer, FetchError> {
        let deadline = Deadline::after(self.limits.total);
        let pinned = self.pin(Origin::judge(url, &self.allow_list)?, deadline)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| FetchError::Setup)?;
        let request = request(&self.http_client(pinned)?, url.clone());
        let fetch = self.fetch(request);
        let outcome = runtime.block_on(async { tokio::time::timeout(deadline.remaining(), fetch).await });
        outcome.unwrap_or(Err(FetchError::TimedOut))
    }

    /// Resolves the host, if it has to be, and judges every address. `None` stands for an address in the URL.
    fn pin(&self, origin: Origin, deadline: Deadline) -> Result<Option<Pinned>, FetchError> {
        let (name, port, listed) = match origin {
            Origin::Address => return Ok(None),
            Origin::Name { name, port, listed } => (name, port, listed),
        };
        // What is not listed is a name of the public internet: the search list, which completes names of this
        // network, has no say.
        let absolute = if listed { name.clone() } else { format!("{name}.") };
        let addresses = self.lookups.addresses(absolute, deadline.remaining())?;
        let is_allowed = |address: &IpAddr| self.allow_list.allows_resolved(&name, *address, port);
        // One that is not allowed refuses them all: which one the connection takes is not ours to say.
        if !addresses.iter().all(is_allowed) {
            return Err(FetchError::RefusedAddress);
        }
        Ok(Some(Pinned::new(name, addresses)))
    }

    async fn fetch(&self, request: reqwest::RequestBuilder) -> Result<Answer, FetchError> {
        let mut response = request.send().await.map_err(connection_failed)?;
        let status = response.status().as_u16();
        let announced = response.content_length().map(usize::try_from);
        if announced.is_some_and(|size| size.map_or(true, |size| self.limits.body_bytes < size)) {
            return Err(FetchError::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(connection_failed)? {
            if self.limits.body_bytes.saturating_sub(body.len()) < chunk.len() {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }

    /// A client for one request.
    fn http_client(&self, pinned: Option<Pinned>) -> Result<reqwest::Client, FetchError> {
        // Without a name nothing is ever resolved.
        let pinned = pinned.unwrap_or_else(|| Pinned::new(String::new(), Vec::new()));
        reqwest::Client::builder()
            .dns_resolver(pinned)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .http1_only()
            .pool_max_idle_per_host(0)
            .connect_timeout(self.limits.connect)
            .user_agent("turnkeep")
            .build()
            .map_err(|error| {
                tracing::warn!(cause = %causes(&error), "no outgoing requests are possible");
                FetchError::Setup
            })
    }
}

impl From<LookupError> for FetchError {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Unknown => Self::UnknownHost,
            LookupError::TimedOut => Self::TimedOut,
            LookupError::Busy => Self::Busy,
        }
    }
}

/// When a request has to be over.
#[derive(Clone, Copy)]
struct Deadline {
    begin: Instant,
    limit: Duration,
}

impl Deadline {
    fn after(limit: Duration) -> Self {
        Self { begin: Instant::now(), limit }
    }

    fn remaining(self) -> Duration {
        self.limit.saturating_sub(self.begin.elapsed())
    }
}

fn connection_failed(error: reqwest::Error) -> FetchError {
    // The URL may carry a signature.
    let error = error.without_url();
    tracing::debug!(cause = %causes(&error), "an outgoing request failed");
    if error.is_timeout() { FetchError::TimedOut } else { FetchError::Connection }
}

/// An error and what caused it, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
