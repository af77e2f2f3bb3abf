//! The requests of both crates, over an HTTP client of the workspace.

use std::time::Duration;

use oauth2::{HttpRequest, HttpResponse};
use ureq::Agent;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Follows no redirect (RFC 9700 §4.11), and hands answers of every status over.
pub(crate) fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    send_within(TIMEOUT, request)
}

/// The same for what may take longer, or has to be quicker.
pub(crate) fn send_within(timeout: Duration, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let settings = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(timeout))
        .build();
    let agent: Agent = settings.into();
    let response =
        if request.body().is_empty() { agent.run(request.map(|_| ()))? } else { agent.run(request)? };
    let (parts, mut body) = response.into_parts();
    Ok(HttpResponse::from_parts(parts, body.read_to_vec()?))
}

/// For a crate that insists on https for some addresses: a server of a test has no proxy with TLS before it, so the
/// way is without.
pub(crate) fn send_without_tls(mut request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let plain = request.uri().to_string().replacen("https://", "http://", 1);
    *request.uri_mut() = plain.parse().map_err(|_| ureq::Error::BadUri(plain))?;
    send(request)
}
