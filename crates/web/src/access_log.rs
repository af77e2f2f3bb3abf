//! One line per request. Never its query, headers or body: those may carry secrets.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use crate::request_context::RequestContext;

/// How much of a path is logged.
const MAX_PATH_CHARACTERS: usize = 200;

pub(crate) fn log_access(
    context: RequestContext,
    request: &HttpRequest,
    status: StatusCode,
    elapsed: Duration,
) {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(
        target: "turnkeep::access",
        {
            request.id = %context.request_id,
            client.address = %context.address,
            http.method = %loggable(method),
            http.path = %loggable(path),
            http.status = status.as_u16(),
            elapsed_us
        },
        "request"
    );
}

/// One line, whatever the text is.
pub(crate) fn loggable(text: &str) -> String {
    text.chars().take(MAX_PATH_CHARACTERS).flat_map(char::escape_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logged_text_is_one_bounded_line() {
        assert_eq!(loggable("/a\r\nb\u{1b}[2J\u{202e}é"), r"/a\r\nb\u{1b}[2J\u{202e}\u{e9}");
        assert_eq!(loggable(&"x".repeat(100_000)).len(), MAX_PATH_CHARACTERS);
    }
}
