//! What an authority answered, read within bounds and judged.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::retry_after::retry_after;
use crate::sensitive::Sensitive;
use crate::token_error::{Cause, Flaw, Refusal};

/// The largest body that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// Why there is no grant, and how long the authority asked to be left alone.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    pub(crate) retry_after: Option<Duration>,
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { cause, retry_after: None }
    }
}

/// What a token endpoint grants (RFC 6749 §5.1).
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) token: Sensitive,
    pub(crate) scope: Option<String>,
    pub(crate) lifetime: Duration,
}

/// An answer, good or bad.
pub(crate) struct Received {
    status: u16,
    retry_after: Option<Duration>,
    body: Result<Zeroizing<Vec<u8>>, Flaw>,
}

/// Sends a request and reads the answer, all of it within the timeout.
pub(crate) async fn receive(request: RequestBuilder, timeout: Duration) -> Result<Received, Cause> {
    let exchange = async {
        let mut response = request.send().await?;
        let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers()));
        let body = read_body(&mut response).await?;
        Ok::<_, reqwest::Error>(Received { status, retry_after, body })
    };
    match tokio::time::timeout(timeout, exchange).await {
        Ok(Ok(received)) => Ok(received),
        Ok(Err(error)) if error.is_timeout() => Err(Cause::TimedOut),
        Ok(Err(error)) => Err(Cause::Unreachable(Arc::new(error))),
        Err(_) => Err(Cause::TimedOut),
    }
}

async fn read_body(response: &mut Response) -> reqwest::Result<Result<Zeroizing<Vec<u8>>, Flaw>> {
    // All the room at once: a buffer that grows leaves copies of the token behind.
    let mut body = Zeroizing::new(Vec::with_capacity(LARGEST_BODY));
    while let Some(chunk) = response.chunk().await? {
        if LARGEST_BODY - body.len() < chunk.len() {
            return Ok(Err(Flaw::TooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Ok(body))
}

impl Received {
    /// As the answer of a token endpoint (RFC 6749 §5).
    pub(crate) fn into_grant(self) -> Result<Grant, Failure> {
        self.judge(parse_grant)
    }

    /// As a document that `read` understands.
    pub(crate) fn judge<T>(self, read: impl FnOnce(&[u8]) -> Result<T, Flaw>) -> Result<T, Failure> {
        let cause = match (self.status, &self.body) {
            (200, Ok(body)) => match read(body) {
                Ok(read) => return Ok(read),
                Err(flaw) => Cause::Unusable(flaw),
            },
            (200, Err(flaw)) => Cause::Unusable(*flaw),
            (300..=399, _) => Cause::Unusable(Flaw::Redirect),
            (429, _) => Cause::Throttled,
            (408 | 500..=599, _) => Cause::Unavailable(self.status),
            (400..=499, Ok(body)) => refusal(self.status, body),
            _ => Cause::Unusable(Flaw::Status(self.status)),
        };
        Err(Failure { cause, retry_after: self.retry_after })
    }
}

/// RFC 6749 §5.1. What else is in there is none of our business.
#[derive(Deserialize)]
struct GrantBody {
    access_token: Sensitive,
    token_type: String,
    expires_in: Option<u64>,
    scope: Option<String>,
}

fn parse_grant(body: &[u8]) -> Result<Grant, Flaw> {
    let body: GrantBody = serde_json::from_slice(body).map_err(|_| Flaw::Malformed)?;
    if !body.token_type.eq_ignore_ascii_case("bearer") {
        return Err(Flaw::NotBearer);
    }
    let lifetime = body.expires_in.filter(|seconds| *seconds != 0).ok_or(Flaw::NoLifetime)?;
    Ok(Grant { token: body.access_token, scope: body.scope, lifetime: Duration::from_secs(lifetime) })
}

/// RFC 6749 §5.2.
#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

fn refusal(status: u16, body: &[u8]) -> Cause {
    let Ok(ErrorBody { error }) = serde_json::from_slice(body) else {
        return Cause::Unusable(Flaw::Status(status));
    };
    Cause::Refused(match error.as_str() {
        "invalid_client" => Refusal::InvalidClient,
        "unauthorized_client" => Refusal::UnauthorizedClient,
        "invalid_scope" => Refusal::InvalidScope,
        "invalid_target" => Refusal::InvalidTarget,
        "unsupported_grant_type" => Refusal::UnsupportedGrantType,
        "invalid_request" => Refusal::InvalidRequest,
        "temporarily_unavailable" | "server_error" => return Cause::Unavailable(status),
        _ => Refusal::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(status: u16, body: &str) -> String {
        let body = Ok(Zeroizing::new(body.as_bytes().to_vec()));
        let received = Received { status, retry_after: None, body };
        format!("{:?}", received.into_grant().unwrap_err().cause)
    }

    #[test]
    fn grants_are_read_whatever_else_they_say() {
        let body =
            br#"{"access_token":"a.b","token_type":"bearer","expires_in":900,"scope":"x y","refresh_token":1}"#;
        let grant = parse_grant(body).unwrap();
        assert_eq!(grant.token.expose(), "a.b");
        assert_eq!(grant.scope.as_deref(), Some("x y"));
        assert_eq!(grant.lifetime, Duration::from_secs(900));
    }

    #[test]
    fn grants_that_cannot_be_used_are_refused() {
        for (body, flaw) in [
            ("", Flaw::Malformed),
            ("<html>", Flaw::Malformed),
            (r#"{"token_type":"Bearer","expires_in":900}"#, Flaw::Malformed),
            (r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#, Flaw::Malformed),
            (r#"{"access_token":"a","token_type":"Bearer","expires_in":-1}"#, Flaw::Malformed),
            (r#"{"access_token":"a","token_type":"DPoP","expires_in":900}"#, Flaw::NotBearer),
            (r#"{"access_token":"a","token_type":"Bearer"}"#, Flaw::NoLifetime),
            (r#"{"access_token":"a","token_type":"Bearer","expires_in":0}"#, Flaw::NoLifetime),
        ] {
            assert_eq!(parse_grant(body.as_bytes()).unwrap_err(), flaw, "{body}");
        }
    }

    #[test]
    fn every_bad_answer_has_its_cause() {
        for (status, body, expected) in [
            (400, r#"{"error":"invalid_scope"}"#, "Refused(InvalidScope)"),
            (400, r#"{"error":"invalid_target","error_description":"no"}"#, "Refused(InvalidTarget)"),
            (400, r#"{"error":"unsupported_grant_type"}"#, "Refused(UnsupportedGrantType)"),
            (400, r#"{"error":"unauthorized_client"}"#, "Refused(UnauthorizedClient)"),
            (400, r#"{"error":"temporarily_unavailable"}"#, "Unavailable(400)"),
            (401, r#"{"error":"invalid_client"}"#, "Refused(InvalidClient)"),
            (403, r#"{"error":"pay_first"}"#, "Refused(Other)"),
            (404, r#"{"error":"invalid_request"}"#, "Refused(InvalidRequest)"),
            (404, "<html>", "Unusable(Status(404))"),
            (408, r#"{"error":"invalid_request"}"#, "Unavailable(408)"),
            (429, r#"{"error":"invalid_client"}"#, "Throttled"),
            (500, r#"{"error":"invalid_client"}"#, "Unavailable(500)"),
            (503, "<html>", "Unavailable(503)"),
            (302, "", "Unusable(Redirect)"),
            (307, "", "Unusable(Redirect)"),
            (204, "", "Unusable(Status(204))"),
            (201, r#"{"access_token":"a","token_type":"Bearer","expires_in":9}"#, "Unusable(Status(201))"),
        ] {
            assert_eq!(cause(status, body), expected, "{status} {body}");
        }
    }
}
