//! Somebody at a browser, who takes errands as JSON.

use std::time::Duration;

use anyhow::{Context, ensure};
use oauth2::HttpRequest;
use oauth2::http::Method;
use serde_json::{Value, json};
use url::Url;

use crate::transport;

/// Pages take their time, and whoever waits for them gives up by themselves.
const TIMEOUT: Duration = Duration::from_secs(40);

/// Has `url` opened in a browser of this program's own, until it arrives at `until`.
pub(crate) fn errand(person: &str, url: &Url, until: &str) -> anyhow::Result<()> {
    let wanted = json!({"browser": "rust", "url": url.as_str(), "until": until});
    let mut request = HttpRequest::new(wanted.to_string().into_bytes());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = person.parse().context("the person is not at a URL")?;
    let response = transport::send_within(TIMEOUT, request).context("nobody takes the errand")?;
    let answer: Value = serde_json::from_slice(response.body())?;
    ensure!(response.status().is_success(), "in the browser: {answer}");
    Ok(())
}
