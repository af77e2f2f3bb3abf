//! Requests to an issuer: pinned places, nothing followed, everything bounded.

use std::time::Duration;

use reqwest::header::{ETAG, HeaderName, IF_NONE_MATCH};
use reqwest::{StatusCode, redirect};
use url::Url;

use crate::gate::status::AuthorityError;

const CONNECT: Duration = Duration::from_secs(3);
/// For everything else about an answer: what it waits for on request comes on top.
const ANSWER: Duration = Duration::from_secs(5);
const PREFER: HeaderName = HeaderName::from_static("prefer");
/// A longer tag is not kept, and so never sent back.
const MAX_ETAG_BYTES: usize = 200;

/// Makes requests. Clones share their connections.
#[derive(Clone)]
pub(crate) struct AuthorityClient(reqwest::Client);

/// What is asked for.
pub(crate) struct Question<'a> {
    pub(crate) url: &'a Url,
    pub(crate) at_most_bytes: usize,
    /// The tag of what is held: asks for something else.
    pub(crate) other_than: Option<&'a str>,
    /// How long the answer may wait for something else (RFC 7240 §4.3).
    pub(crate) wait: Duration,
}

/// An answer that can be used.
pub(crate) enum Answer {
    Document { bytes: Vec<u8>, etag: Option<String> },
    NotModified,
}

impl AuthorityClient {
    /// `None` if this machine can make no HTTPS requests.
    pub(crate) fn new() -> Option<Self> {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT)
            .user_agent("turnkeep-verify")
            .build();
        match client {
            Ok(client) => Some(Self(client)),
            Err(error) => {
                tracing::warn!(%error, "no outgoing requests are possible");
                None
            }
        }
    }

    /// For other requests under the same rules, other than that everything is bounded: that is for the caller.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0
    }

    /// Asks once.
    pub(crate) async fn get(&self, question: &Question<'_>) -> Result<Answer, AuthorityError> {
        let limit = ANSWER + question.wait;
        match tokio::time::timeout(limit, self.fetch(question)).await {
            Ok(answer) => answer,
            Err(_) => Err(AuthorityError::TimedOut),
        }
    }

    async fn fetch(&self, question: &Question<'_>) -> Result<Answer, AuthorityError> {
        let mut request = self.0.get(question.url.clone());
        if let Some(tag) = question.other_than {
            request = request.header(IF_NONE_MATCH, tag);
        }
        if !question.wait.is_zero() {
            request = request.header(PREFER, format!("wait={}", question.wait.as_secs()));
        }
        let response = request.send().await.map_err(|error| connection_failed(&error))?;
        match response.status() {
            StatusCode::OK => read(response, question.at_most_bytes).await,
            StatusCode::NOT_MODIFIED if question.other_than.is_some() => Ok(Answer::NotModified),
            // To a question without a tag it is no answer.
            StatusCode::NOT_MODIFIED => Err(AuthorityError::Status(304)),
            status if status.is_redirection() => Err(AuthorityError::Redirect),
            status => Err(AuthorityError::Status(status.as_u16())),
        }
    }
}

async fn read(response: reqwest::Response, at_most_bytes: usize) -> Result<Answer, AuthorityError> {
    let etag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
    let etag = etag.filter(|tag| tag.len() <= MAX_ETAG_BYTES).map(str::to_owned);
    Ok(Answer::Document { bytes: read_body(response, at_most_bytes).await?, etag })
}

/// The whole body, unless it is longer than it may be.
pub(crate) async fn read_body(
    mut response: reqwest::Response,
    at_most_bytes: usize,
) -> Result<Vec<u8>, AuthorityError> {
    let announced = response.content_length().map(usize::try_from);
    if announced.is_some_and(|size| size.map_or(true, |size| at_most_bytes < size)) {
        return Err(AuthorityError::TooLong);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| connection_failed(&error))? {
        if at_most_bytes.saturating_sub(bytes.len()) < chunk.len() {
            return Err(AuthorityError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

pub(crate) fn connection_failed(error: &reqwest::Error) -> AuthorityError {
    if error.is_timeout() { AuthorityError::TimedOut } else { AuthorityError::Connection }
}
