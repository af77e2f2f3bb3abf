//! The cookies of pages (ASVS 3.3): each belongs to one instance, never leaves the server's own origin, and is out of
//! reach of scripts. A cookie that is sent twice is none: nobody can tell which one is ours.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderValue};
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::slug::Slug;

/// A year, in seconds.
const YEAR: u64 = 365 * 86_400;

/// What a cookie is for. Browsers accept names with `__Host-` only from the host itself, over TLS, for all paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieKind {
    /// The handle of a session; until the browser is closed.
    Session,
    /// What a browser is told by, whoever is signed in: the requests of apps are bound to it, and forms while nobody
    /// is; until the browser is closed.
    Form,
    /// Proof that somebody has signed in from this browser before; for a year.
    Device,
}

impl CookieKind {
    fn name(self, issuer: &Slug) -> String {
        let kind = match self {
            Self::Session => "session",
            Self::Form => "form",
            Self::Device => "device",
        };
        if issuer.as_str() == DEFAULT_INSTANCE {
            format!("__Host-turnkeep-{kind}")
        } else {
            // A slug has no characters that end a name.
            format!("__Host-turnkeep-{kind}-{issuer}")
        }
    }

    fn max_age(self) -> Option<u64> {
        match self {
            Self::Session | Self::Form => None,
            Self::Device => Some(YEAR),
        }
    }

    /// Its value, if the request has it exactly once.
    pub(crate) fn read(self, request: &HttpRequest, issuer: &Slug) -> Option<String> {
        let name = self.name(issuer);
        let headers = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
        let pairs = headers.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
        let first = values.next()?;
        let is_alone = values.next().is_none();
        (is_alone && !first.is_empty()).then(|| first.to_owned())
    }

    /// The header that sets it. `None` for a value that no cookie can have (RFC 6265 §4.1.1).
    pub(crate) fn set(self, issuer: &Slug, value: &str) -> Option<HeaderValue> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !value.bytes().all(is_plain) {
            return None;
        }
        self.header(issuer, value, self.max_age())
    }

    /// The header that removes it.
    pub(crate) fn clear(self, issuer: &Slug) -> Option<HeaderValue> {
        self.header(issuer, "", Some(0))
    }

    fn header(self, issuer: &Slug, value: &str, max_age: Option<u64>) -> Option<HeaderValue> {
        let max_age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let name = self.name(issuer);
        let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{max_age}");
        HeaderValue::try_from(text).ok()
    }
}

/// The handle of the session that a request belongs to, which may be over.
pub(crate) fn session_handle(request: &HttpRequest, issuer: &Slug) -> Option<String> {
    CookieKind::Session.read(request, issuer)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    #[test]
    fn attributes_of_cookies() {
        for (header, expected) in [
            (
                CookieKind::Session.set(&slug("default"), "tkse_x"),
                Some("__Host-turnkeep-session=tkse_x; Path=/; Secure; HttpOnly; SameSite=Lax"),
            ),
            (
                CookieKind::Device.set(&slug("acme"), "a.b-c_d"),
                Some(
                    "__Host-turnkeep-device-acme=a.b-c_d; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000",
                ),
            ),
            (
                CookieKind::Session.clear(&slug("default")),
                Some("__Host-turnkeep-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"),
            ),
            (CookieKind::Form.set(&slug("default"), "a; Domain=evil.test"), None),
        ] {
            assert_eq!(header.as_ref().map(|value| value.to_str().unwrap()), expected);
        }
    }

    #[test]
    fn a_cookie_counts_if_it_is_there_once() {
        for (headers, expected) in [
            (&["__Host-turnkeep-session=a"][..], Some("a")),
            (&["x=1; __Host-turnkeep-session=a;y=2", "z=3"], Some("a")),
            (&["__Host-turnkeep-session=a; __Host-turnkeep-session=b"], None),
            (&["__Host-turnkeep-session=a", "__Host-turnkeep-session=a"], None),
            (&["__Host-turnkeep-session="], None),
            (&["__Host-turnkeep-session-acme=a", "turnkeep-session=b", "__host-turnkeep-session=c"], None),
            (&[], None),
        ] {
            let request = headers
                .iter()
                .fold(TestRequest::default(), |request, value| request.append_header(("Cookie", *value)))
                .to_http_request();
            assert_eq!(session_handle(&request, &slug("default")).as_deref(), expected, "{headers:?}");
        }
    }
}
