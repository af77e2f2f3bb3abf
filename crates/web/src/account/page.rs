//! The answer with a page, and the headers that all pages have (RFC 6749 §10.13, RFC 9700 §4.16, ASVS 3.4). There are
//! no CORS headers: no other origin may read a page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use turnkeep_service::issuer::BaseUrl;

use crate::account::paths::origin_and_path;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// A year.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A page on its way to the browser.
pub(crate) struct PageResponse {
    status: StatusCode,
    html: String,
    form_action: Option<String>,
}

impl PageResponse {
    /// A page with the policy that lets its forms lead to this server only.
    pub(crate) fn new(status: StatusCode, html: String) -> Self {
        Self { status, html, form_action: None }
    }

    /// Lets its forms also lead to the origin of an app, be it by redirects (Content Security Policy Level 3 §6.4.1): an
    /// origin, or a scheme with its colon. What cannot stand in a policy changes nothing.
    pub(crate) fn form_action(mut self, origin: Option<&str>) -> Self {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-+[]_".contains(&byte);
        self.form_action =
            origin.filter(|text| !text.is_empty() && text.bytes().all(is_plain)).map(str::to_owned);
        self
    }

    /// The answer.
    pub(crate) fn into_response(self, base_url: &BaseUrl) -> HttpResponse {
        let mut response = HttpResponse::build(self.status)
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .body(self.html);
        insert_page_headers(response.headers_mut(), base_url, self.form_action.as_deref());
        response
    }
}

/// The browser goes elsewhere with GET, whatever it has sent (RFC 9700 §4.12: never 307 or 308).
pub(crate) fn see_other(location: &str, base_url: &BaseUrl) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::SEE_OTHER);
    let headers = response.headers_mut();
    insert_page_headers(headers, base_url, None);
    // Whoever makes a location makes a URL, which fits into a header.
    if let Ok(location) = HeaderValue::try_from(location) {
        headers.insert(header::LOCATION, location);
    }
    response
}

/// Puts the headers of pages into an answer.
pub(crate) fn insert_page_headers(headers: &mut HeaderMap, base_url: &BaseUrl, form_action: Option<&str>) {
    let policy = match form_action {
        Some(origin) => HeaderValue::try_from(format!("{POLICY} {origin}")),
        None => Ok(HeaderValue::from_static(POLICY)),
    };
    headers
        .insert(header::CONTENT_SECURITY_POLICY, policy.unwrap_or_else(|_| HeaderValue::from_static(POLICY)));
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let (origin, _) = origin_and_path(base_url);
    if origin.starts_with("https:") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_an_origin_gets_into_the_policy() {
        let base_url = BaseUrl::parse("https://id.example.com").unwrap();
        for (origin, expected) in [
            (None, "form-action 'self'"),
            (Some("https://app.example.com"), "form-action 'self' https://app.example.com"),
            (Some("http://[::1]:4711"), "form-action 'self' http://[::1]:4711"),
            (Some("com.example.app:"), "form-action 'self' com.example.app:"),
            (Some("https://a.example; script-src *"), "form-action 'self'"),
            (Some("*"), "form-action 'self'"),
            (Some("'unsafe-inline'"), "form-action 'self'"),
            (Some(""), "form-action 'self'"),
        ] {
            let page = PageResponse::new(StatusCode::OK, String::new()).form_action(origin);
            let response = page.into_response(&base_url);
            let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
            assert!(policy.ends_with(expected), "{policy}");
        }
    }

    #[test]
    fn transport_security_is_promised_where_there_is_any() {
        for (base, expected) in [("https://id.example.com", true), ("http://localhost:8080", false)] {
            let response = see_other("/account", &BaseUrl::parse(base).unwrap());
            assert_eq!(response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), expected);
        }
    }
}
