//! `RateLimit` and `RateLimit-Policy`, which name the limit that is nearest (draft-ietf-httpapi-ratelimit-headers).

use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use turnkeep_policy::decide_token_quota::TokenQuotaExceeded;

use crate::admission::request_admission::RequestAdmission;
use crate::error::retry_after;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Tells whoever sent the request where it stands, if it was counted.
pub(crate) fn tell_limits(request: &HttpRequest, headers: &mut HeaderMap) {
    // A quota that is used up has been named already.
    if headers.contains_key(RATE_LIMIT) {
        return;
    }
    let standing = request.extensions().get::<Arc<RequestAdmission>>().and_then(|found| found.standing());
    let Some(standing) = standing else { return };
    insert(headers, standing.policy_header(), standing.limit_header());
}

/// Tells an app that its quota of tokens is used up, and until when.
pub(crate) fn tell_quota(exceeded: &TokenQuotaExceeded, headers: &mut HeaderMap) {
    let (window, limit) = (exceeded.window, exceeded.limit);
    let policy = format!(r#""token-{}";q={limit};w={}"#, window.as_str(), window.length().as_secs());
    let state = format!(r#""token-{}";r=0;t={}"#, window.as_str(), retry_after::seconds(exceeded.resets_in));
    insert(headers, policy, state);
}

fn insert(headers: &mut HeaderMap, policy: String, limit: String) {
    for (name, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, limit)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
}
