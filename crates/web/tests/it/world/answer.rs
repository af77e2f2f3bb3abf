//! What came back.

use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use serde_json::Value;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A header, if it is there exactly once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name);
        let first = values.next()?;
        assert!(values.next().is_none(), "{name} is there twice");
        first.to_str().ok()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// An error of `/connect/…`: its status and code, after checking its form.
    #[track_caller]
    pub(crate) fn oauth_error(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.text());
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("pragma"), Some("no-cache"));
        let body = self.json();
        for (member, value) in body.as_object().unwrap() {
            assert!(["error", "error_description"].contains(&member.as_str()), "{body}");
            let allowed = |b: u8| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            assert!(value.as_str().unwrap().bytes().all(allowed), "{body}");
        }
        (self.status, body["error"].as_str().unwrap().to_owned())
    }

    /// An error of the management API: its status and code, after checking its form.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let body = self.json();
        let code = body["code"].as_str().unwrap();
        assert_eq!(body["status"], self.status);
        let problem_type = match code {
            "quota_exceeded" | "temporary_reduced_capacity" => {
                format!("https://iana.org/assignments/http-problem-types#{}", code.replace('_', "-"))
            }
            _ => format!("urn:turnkeep:problem:{code}"),
        };
        assert_eq!(body["type"], problem_type);
        assert_eq!(body["instance"].as_str(), self.header("x-request-id"));
        (self.status, code.to_owned())
    }

    /// The fields that are to blame.
    #[track_caller]
    pub(crate) fn blamed_fields(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}
